import { notFound } from '#platform/errors'
import { type Route, route, whenCallerLeaves } from '#platform/http'
import { Done } from '#platform/http/contract'
import { ALIVE_SECONDS, activate, history } from './activation.ts'
import { bankOf } from './bank.ts'
import { documentHash } from './canonical.ts'
import * as contract from './contract.ts'
import { diffSets, diffText } from './diff.ts'
import { writeDocument } from './document.ts'
import { draftingRoutes } from './drafting/routes.ts'
import * as drafts from './drafts.ts'
import { effectRoutes } from './effects/routes.ts'
import { documentOf, each, registeredKinds } from './kind.ts'
import * as reviews from './review.ts'
import { activeRevision, revisionById } from './running.ts'
import * as store from './store.ts'

const asJson = <T>(value: T): never => JSON.parse(JSON.stringify(value)) as never

export const routes: Route[] = [
  ...draftingRoutes,
  ...effectRoutes,
  route({
    method: 'GET',
    url: '/api/trust/playbook',
    summary: 'The documents of the playbook that runs, or of another revision.',
    needs: 'trust.playbook:read',
    rate: { perMinute: 300 },
    query: contract.RevisionQuery,
    reply: contract.RevisionReply,
    handle: async ({ rt, query }) => {
      const revision = query.revision ? await revisionById(rt, query.revision) : await activeRevision(rt)
      const numbers = new Map(
        (await store.readItems(rt.db)).map((item) => [`${item.kind}/${item.id}`, item.itemNumber]),
      )
      const documents = [...each(revision.documents)]
        .filter(({ kind }) => !query.kind || kind === query.kind)
        .map(({ kind, id, title }) => ({ kind, id, title, itemNumber: numbers.get(`${kind}/${id}`) ?? null }))
      return { revision: revision.id, sequence: revision.sequence, documents }
    },
  }),
  route({
    method: 'GET',
    url: '/api/trust/playbook/running',
    summary: 'Which revision runs, and the bank’s name, zone and currency: what every screen needs.',
    needs: 'signed-in',
    rate: { perMinute: 600 },
    reply: contract.RunningReply,
    handle: async ({ rt }) => {
      const revision = await activeRevision(rt)
      const found = revision.sequence === 0 ? undefined : bankOf(revision)
      return {
        revision: revision.id,
        sequence: revision.sequence,
        bank: found
          ? { name: found.name, zone: found.zone, currency: found.currency, languages: [...found.languages] }
          : null,
        now: rt.clock.now().toISOString(),
      }
    },
  }),
  route({
    method: 'GET',
    url: '/api/trust/playbook/kinds',
    summary: 'Every kind of document, with its JSON Schema.',
    needs: 'trust.playbook:read',
    rate: { perMinute: 120 },
    reply: contract.KindsReply,
    handle: () => asJson({ kinds: registeredKinds().map(({ kind, folder, schema }) => ({ kind, folder, schema })) }),
  }),
  route({
    method: 'GET',
    url: '/api/trust/playbook/documents/:kind/:id',
    summary: 'One document, as data and as its author wrote it.',
    needs: 'trust.playbook:read',
    rate: { perMinute: 600 },
    params: contract.DocumentParams,
    query: contract.DocumentQuery,
    reply: contract.DocumentReply,
    handle: async ({ rt, params: { kind, id }, query }) => {
      const revision = query.revision ? await revisionById(rt, query.revision) : await activeRevision(rt)
      const document = documentOf(revision, kind, id)
      if (!document) {
        throw notFound(
          'document_not_found',
          { kind, id, revision: revision.id },
          `The playbook has no ${kind} ${id}.`,
          'Look at the list of documents.',
        )
      }
      const text = await store.readText(rt.db, documentHash(document as never))
      return { revision: revision.id, document: asJson(document), text: text ?? writeDocument(document as never) }
    },
  }),
  route({
    method: 'POST',
    url: '/api/trust/playbook/check',
    summary: 'What would be wrong if these documents were written into what runs. Keeps nothing.',
    needs: 'trust.playbook:check',
    rate: { perMinute: 120 },
    bodyBytesMax: 8 * 1024 * 1024,
    body: contract.CheckBody,
    reply: contract.CheckReply,
    handle: async ({ rt, body }) => ({ findings: await reviews.checkTexts(rt, body.documents) }),
  }),
  route({
    method: 'GET',
    url: '/api/trust/playbook/drafts',
    summary: 'Drafts, the newest first.',
    needs: 'trust.playbook:read',
    rate: { perMinute: 300 },
    query: contract.HistoryQuery,
    reply: contract.DraftsReply,
    handle: async ({ rt, query }) => asJson({ drafts: await store.readDrafts(rt.db, query.limit ?? 50) }),
  }),
  route({
    method: 'POST',
    url: '/api/trust/playbook/drafts',
    summary: 'Begin a draft.',
    needs: 'trust.playbook:draft',
    rate: { perMinute: 60 },
    idempotent: true,
    bodyBytesMax: 8 * 1024 * 1024,
    body: contract.DraftBody,
    reply: contract.DraftMade,
    status: 201,
    handle: async ({ rt, body, actor }) => ({
      draftId: await drafts.createDraft(rt, { ...body, changes: changesOf(body.changes) }, actor),
    }),
  }),
  route({
    method: 'GET',
    url: '/api/trust/playbook/drafts/:draftId',
    summary: 'A draft as a second person reviews it: difference, findings, cases, conflicts and, if asked, its effect.',
    needs: 'trust.playbook:read',
    rate: { perMinute: 120 },
    params: contract.DraftParams,
    query: contract.ReviewQuery,
    reply: contract.ReviewReply,
    handle: async ({ rt, params, query, request }) =>
      asJson(
        await reviews.review(rt, params.draftId, {
          effects: query.effects ?? false,
          signal: whenCallerLeaves(request),
        }),
      ),
  }),
  route({
    method: 'GET',
    url: '/api/trust/playbook/drafts/:draftId/documents/:kind/:id',
    summary: 'One document as a draft has it, as it was when the draft began, as it runs, and who else is at it.',
    needs: 'trust.playbook:read',
    rate: { perMinute: 600 },
    params: contract.DraftChangeParams,
    reply: contract.DraftDocumentReply,
    handle: async ({ rt, params }) => asJson(await drafts.draftDocument(rt, params)),
  }),
  route({
    method: 'PUT',
    url: '/api/trust/playbook/drafts/:draftId/review-request',
    summary: 'Ask others to review a draft.',
    needs: 'trust.playbook:draft',
    rate: { perMinute: 60 },
    params: contract.DraftParams,
    body: contract.ReviewRequestBody,
    reply: Done,
    handle: async ({ rt, params, body, actor }) => {
      await drafts.requestReview(rt, params.draftId, body.note ?? '', actor)
      return { done: true as const }
    },
  }),
  route({
    method: 'PUT',
    url: '/api/trust/playbook/drafts/:draftId/documents',
    summary: 'Write documents into a draft, or remove them (without a text).',
    needs: 'trust.playbook:draft',
    rate: { perMinute: 300 },
    bodyBytesMax: 8 * 1024 * 1024,
    params: contract.DraftParams,
    body: contract.ChangesBody,
    reply: Done,
    handle: async ({ rt, params, body, actor }) => {
      await drafts.editDraft(rt, params.draftId, changesOf(body.changes), actor)
      return { done: true as const }
    },
  }),
  route({
    method: 'DELETE',
    url: '/api/trust/playbook/drafts/:draftId/documents/:kind/:id',
    summary: "Take a draft's change to one document back out of it.",
    needs: 'trust.playbook:draft',
    rate: { perMinute: 300 },
    params: contract.DraftChangeParams,
    reply: Done,
    handle: async ({ rt, params: { draftId, kind, id }, actor }) => {
      await drafts.dropChange(rt, draftId, { kind, id }, actor)
      return { done: true as const }
    },
  }),
  route({
    method: 'POST',
    url: '/api/trust/playbook/drafts/:draftId/withdrawal',
    summary: 'Give a draft up.',
    needs: 'trust.playbook:draft',
    rate: { perMinute: 60 },
    params: contract.DraftParams,
    body: contract.ReasonBody,
    reply: Done,
    handle: async ({ rt, params, body, actor }) => {
      await drafts.withdrawDraft(rt, params.draftId, body.reason, actor)
      return { done: true as const }
    },
  }),
  route({
    method: 'POST',
    url: '/api/trust/playbook/drafts/:draftId/approvals',
    summary: 'Approve, as a second person, exactly the revision that was reviewed.',
    needs: 'trust.playbook:approve',
    rate: { perMinute: 60 },
    params: contract.DraftParams,
    body: contract.ApproveBody,
    reply: contract.ApprovalReply,
    status: 201,
    handle: async ({ rt, params, body, actor }) => ({
      approvalId: await reviews.approve(rt, params.draftId, body, actor),
    }),
  }),
  route({
    method: 'POST',
    url: '/api/trust/playbook/approvals/:approvalId/activation',
    summary: 'Make an approved revision run, on every server at once, after each has prepared it.',
    needs: 'trust.playbook:activate',
    rate: { perMinute: 30 },
    params: contract.ApprovalParams,
    reply: contract.ActivationReply,
    status: 201,
    handle: async ({ rt, params, actor }) => ({ sequence: await activate(rt, params.approvalId, actor) }),
  }),
  route({
    method: 'GET',
    url: '/api/trust/playbook/approvals/:approvalId/servers',
    summary: 'The servers that run now, and whether each has prepared what was approved.',
    needs: 'trust.playbook:read',
    rate: { perMinute: 300 },
    params: contract.ApprovalParams,
    reply: contract.ServersReply,
    handle: async ({ rt, params: { approvalId } }) => {
      const approval = await store.readApproval(rt.db, approvalId)
      if (!approval)
        throw notFound('approval_not_found', { approvalId }, 'There is no such approval.', 'Review the draft.')
      return { servers: [...(await store.readServers(rt.db, approval.revision, ALIVE_SECONDS))] }
    },
  }),
  route({
    method: 'GET',
    url: '/api/trust/playbook/history',
    summary: 'What ran, the newest first: who made, approved and activated it, and what it changed.',
    needs: 'trust.playbook:read',
    rate: { perMinute: 120 },
    query: contract.HistoryQuery,
    reply: contract.HistoryReply,
    handle: async ({ rt, query }) => asJson({ activations: await history(rt, query.limit ?? 50) }),
  }),
  route({
    method: 'GET',
    url: '/api/trust/playbook/diff',
    summary: 'What turns one revision into another (or into what runs), field by field.',
    needs: 'trust.playbook:read',
    rate: { perMinute: 120 },
    query: contract.DiffQuery,
    reply: contract.DiffReply,
    handle: async ({ rt, query }) => {
      const before = await revisionById(rt, query.from)
      const after = query.to ? await revisionById(rt, query.to) : await activeRevision(rt)
      const changes = diffSets(before.documents, after.documents)
      return asJson({ changes, text: diffText(changes) })
    },
  }),
  route({
    method: 'POST',
    url: '/api/trust/playbook/history/:sequence/undo',
    summary:
      "Draft the inverse of one change, leaving everybody's later work as it is; it needs approval like any other.",
    needs: 'trust.playbook:draft',
    rate: { perMinute: 30 },
    params: contract.SequenceParams,
    body: contract.ReasonBody,
    reply: contract.DraftMade,
    status: 201,
    handle: async ({ rt, params, body, actor }) => ({
      draftId: await drafts.undo(rt, params.sequence, body.reason, actor),
    }),
  }),
]

const changesOf = (
  changes: readonly { kind: string; id: string; text?: string | undefined; over?: string | undefined }[] = [],
) => changes.map(({ kind, id, text, over }) => ({ kind, id, text, over }))

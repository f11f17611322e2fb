import { notFound } from '#platform/errors'
import { type Route, route } from '#platform/http'
import { DocumentParams, DraftParams, HistoryQuery } from '../contract.ts'
import { documentOf, registeredKinds } from '../kind.ts'
import { activeRevision } from '../running.ts'
import { usesOf } from '../uses.ts'
import * as contract from './contract.ts'
import { documentHistory, draftDocuments } from './index.ts'

const asJson = <T>(value: T): never => JSON.parse(JSON.stringify(value)) as never

/** What people who write and review the playbook look at. */
export const draftingRoutes: Route[] = [
  route({
    method: 'GET',
    url: '/api/trust/playbook/drafts/:draftId/documents',
    summary: 'What a draft writes or removes, who did last, and field by field how each document stands to what runs.',
    needs: 'trust.playbook:read',
    rate: { perMinute: 300 },
    params: DraftParams,
    reply: contract.DraftDocumentsReply,
    handle: async ({ rt, params: { draftId } }) => asJson({ draftId, documents: await draftDocuments(rt, draftId) }),
  }),
  route({
    method: 'GET',
    url: '/api/trust/playbook/kinds/:kind',
    summary: 'One kind of document, with its JSON Schema.',
    needs: 'trust.playbook:read',
    rate: { perMinute: 300 },
    params: contract.KindParams,
    reply: contract.KindReply,
    handle: ({ params }) => {
      const found = registeredKinds().find(({ kind }) => kind === params.kind)
      if (!found) throw notFound('kind_not_found', { kind: params.kind }, 'There is no such kind.', 'List the kinds.')
      const { kind, folder, schema } = found
      return asJson({ kind, folder, schema })
    },
  }),
  route({
    method: 'GET',
    url: '/api/trust/playbook/documents/:kind/:id/uses',
    summary: 'Which documents of what runs name this one, or name one that does.',
    needs: 'trust.playbook:read',
    rate: { perMinute: 300 },
    params: DocumentParams,
    reply: contract.UsesReply,
    handle: async ({ rt, params: { kind, id } }) => {
      const revision = await activeRevision(rt)
      if (!documentOf(revision, kind, id))
        throw notFound(
          'document_not_found',
          { kind, id, revision: revision.id },
          `The playbook has no ${kind} ${id}.`,
          'Look at the list of documents.',
        )
      return { uses: usesOf(revision.documents, kind, id) }
    },
  }),
  route({
    method: 'GET',
    url: '/api/trust/playbook/documents/:kind/:id/history',
    summary: 'What ran of one document, the newest first: who made, approved and activated it, and what it changed.',
    needs: 'trust.playbook:read',
    rate: { perMinute: 120 },
    params: DocumentParams,
    query: HistoryQuery,
    reply: contract.DocumentHistoryReply,
    handle: async ({ rt, params: { kind, id }, query }) =>
      asJson({ versions: await documentHistory(rt, kind, id, query.limit ?? 50) }),
  }),
]

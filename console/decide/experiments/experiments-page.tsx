import { Button } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import type { Static } from 'typebox'
import type { ArmsReply, ExperimentDocument } from '#decide/experiments/contract'
import { useAsk } from '../../shell/api.ts'
import { useMay } from '../../shell/session.tsx'
import { useFew } from '../../ui/few.tsx'
import { number, percent } from '../../ui/format.ts'
import { Icon } from '../../ui/icons.tsx'
import { Facts } from '../../ui/inspector.tsx'
import { Figure, Page, Panel } from '../../ui/page.tsx'
import { Empty, Shown } from '../../ui/state.tsx'
import * as endpoints from './endpoints.ts'
import './experiments.css'
import { t } from './words.ts'

type Arm = Static<typeof ArmsReply>['arms'][number]

interface Drawn {
  readonly period: string
  readonly control: number
  readonly treated: number
  readonly left: number
}

const drawnOf = (arms: readonly Arm[], experiment: string): Drawn[] => {
  const periods = [...new Set(arms.filter((one) => one.experiment === experiment).map(({ period }) => period))]
  const count = (period: string, arm: string): Arm | undefined =>
    arms.find((one) => one.experiment === experiment && one.period === period && one.arm === arm)
  return periods
    .sort()
    .reverse()
    .map((period) => {
      const [control, treated] = [count(period, 'control'), count(period, 'treated')]
      return {
        period,
        control: control?.customers ?? 0,
        treated: treated?.customers ?? 0,
        left: (control?.left ?? 0) + (treated?.left ?? 0),
      }
    })
}

/** Fewer say nothing about a share of a few per cent. */
const DRAWN_MIN = 500
/** Households are drawn, customers counted: four standard errors leave room for large households. */
const ERRORS_MAX = 4

/** Whether the lot fell as meant, as far as the numbers can say. */
function lotSays(share: number, meant: number, drawn: number): 'few' | 'meant' | 'off' {
  if (drawn < DRAWN_MIN) return 'few'
  return Math.abs(share - meant) <= ERRORS_MAX * Math.sqrt((meant * (1 - meant)) / drawn) ? 'meant' : 'off'
}

/** Of those who are left alone, so many do it anyway: a share as outcomes of offers commonly have it. */
const UNASKED = 0.02
/** Of the standard normal distribution: two-sided 95 %, and four times in five. */
const SURE = 1.959963984540054 + 0.8416212335729143

/**
 * The smallest difference of two shares that these arms would show four times in five, in percentage points; undefined
 * while an arm is empty. (Normal approximation for two proportions; households are taken for customers.)
 */
function canShowPoints({ control, treated }: Drawn): number | undefined {
  if (control === 0 || treated === 0) return undefined
  return 100 * SURE * Math.sqrt(UNASKED * (1 - UNASKED) * (1 / control + 1 / treated))
}

/** The two arms of one draw as one bar, with the share that was meant as a mark. */
function Draw({ drawn, meant }: { drawn: Drawn; meant: number }) {
  const all = drawn.control + drawn.treated
  const share = all === 0 ? 0 : drawn.control / all
  const says = lotSays(share, meant, all)
  return (
    <div className="draw">
      <p>
        {t('shareSays', {
          all: number(all),
          period: drawn.period === 'all' ? t('always') : drawn.period,
          control: number(drawn.control),
          share: percent(share, 2),
          meant: percent(meant, 2),
        })}
      </p>
      <svg viewBox="0 0 1000 44" preserveAspectRatio="none" className="draw-bar" aria-hidden="true">
        <rect x={0} y={8} width={1000} height={28} className="draw-treated" />
        <rect x={0} y={8} width={Math.max(share > 0 ? 3 : 0, share * 1000)} height={28} className="draw-control" />
        <line x1={meant * 1000} x2={meant * 1000} y1={0} y2={44} className="draw-meant" />
      </svg>
      <p className="draw-words">
        <span>
          <i className="draw-key draw-key-control" /> {t('control')} {number(drawn.control)}
        </span>
        <span>
          <i className="draw-key draw-key-treated" /> {t('treated')} {number(drawn.treated)}
        </span>
        <span>
          <i className="draw-key draw-key-meant" /> {t('meant')} {percent(meant, 2)}
        </span>
      </p>
      <p className="draw-words">
        <Icon
          name={says === 'meant' ? 'good' : says === 'off' ? 'bad' : 'wait'}
          className={says === 'meant' ? 'ui-good' : says === 'off' ? 'ui-bad' : 'ui-quiet'}
        />
        {says === 'meant' ? t('asMeant') : says === 'off' ? t('notAsMeant') : t('stillFew')}
      </p>
    </div>
  )
}

const canShowText = (drawn: Drawn | undefined): string => {
  const points = drawn && canShowPoints(drawn)
  return points === undefined ? '–' : t('canShowOf', { points: number(points, 1) })
}

/** Who hears nothing, so that the bank can see what speaking changes. */
export default function ExperimentsPage() {
  const may = useMay()
  const found = useAsk(endpoints.documents, { query: { kinds: 'experiment' } })
  const arms = useAsk(endpoints.arms, {})
  const experiments = (found.data?.documents ?? []) as unknown as readonly ExperimentDocument[]
  const [few, rest] = useFew(experiments, 20)
  const all = arms.data?.arms ?? []
  const sum = (of: readonly Arm[]): number => of.reduce((count, { customers }) => count + customers, 0)
  const drawn = sum(all)
  const control = sum(all.filter(({ arm }) => arm === 'control'))
  return (
    <Page
      title={t('title')}
      sentence={t('sentence')}
      action={
        may('learn.outcomes:read') ? (
          <Button variant="default" renderRoot={(props) => <Link {...props} to={'/learn/outcomes' as never} />}>
            {t('toOutcomes')}
          </Button>
        ) : undefined
      }
      figures={
        <>
          <Figure title={t('drawn')} value={arms.data ? number(drawn) : '–'} />
          <Figure
            title={t('apart')}
            value={arms.data ? number(control) : '–'}
            foot={arms.data ? t('ofDrawn', { base: number(drawn) }) : null}
          />
          <Figure
            title={t('meant')}
            value={experiments[0] ? percent(experiments[0].controlBp / 10_000, 2) : '–'}
            foot={t('ofHouseholds')}
          />
          <Figure
            title={t('leftOut')}
            value={arms.data ? number(all.reduce((count, { left }) => count + left, 0)) : '–'}
            foot={t('leftFoot')}
          />
        </>
      }
    >
      <Shown of={found}>
        {() =>
          experiments.length === 0 ? (
            <Empty
              icon="experiment"
              title={t('noneTitle')}
              sentence={t('noneSentence')}
              action={
                may('trust.playbook:draft') ? (
                  <Button renderRoot={(props) => <Link {...props} to={'/trust/playbook' as never} />}>
                    {t('toPlaybook')}
                  </Button>
                ) : undefined
              }
            />
          ) : (
            [
              ...few.map((experiment) => (
                <Panel key={experiment.id} title={experiment.title} label={`${experiment.title} (${experiment.id})`}>
                  <div className="experiment">
                    <Shown of={arms}>
                      {() => {
                        const draws = drawnOf(all, experiment.id)
                        return (
                          <div>
                            {draws.length === 0 ? (
                              <p className="quiet-line">{t('notDrawn')}</p>
                            ) : (
                              draws.map((one) => (
                                <Draw key={one.period} drawn={one} meant={experiment.controlBp / 10_000} />
                              ))
                            )}
                          </div>
                        )
                      }}
                    </Shown>
                    <Facts
                      facts={[
                        [t('by'), t('household')],
                        [t('classes'), t('marketing')],
                        [t('redraw'), experiment.redraw === 'yearly' ? t('yearly') : t('never')],
                        [t('canShow'), canShowText(drawnOf(all, experiment.id)[0])],
                        [
                          t('salt'),
                          <span key="salt" className="ui-mono">
                            {experiment.salt}
                          </span>,
                        ],
                      ]}
                    />
                  </div>
                </Panel>
              )),
              rest,
            ]
          )
        }
      </Shown>
    </Page>
  )
}

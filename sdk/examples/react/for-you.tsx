/**
 * The same in React: the page shows what it is given in its own components. React writes text as text, so nothing that
 * came over the wire becomes markup; never pass it to dangerouslySetInnerHTML.
 */
import { createContext, type ReactNode, useContext, useEffect, useRef, useState } from 'react'
import type { Clientele, Content, Options, Said } from '../../clientele.d.ts'

const ClienteleContext = createContext<Clientele | undefined>(undefined)

/** Begins for the customer who has signed in and ends with the component: put it inside what a sign-out takes away. */
export function WithClientele({
  url,
  getToken,
  children,
}: Pick<Options, 'url' | 'getToken'> & { children: ReactNode }) {
  const [clientele, setClientele] = useState<Clientele>()
  const latest = useRef(getToken)
  latest.current = getToken
  useEffect(() => {
    const begun = window.Clientele.start({ url, getToken: () => latest.current!() })
    setClientele(begun)
    return () => begun.stop()
  }, [url])
  return <ClienteleContext value={clientele}>{children}</ClienteleContext>
}

/** What a placement holds now; undefined until it is known. */
export function usePlacement(name: string): readonly Content[] | undefined {
  const clientele = useContext(ClienteleContext)
  const [contents, setContents] = useState<readonly Content[]>()
  useEffect(() => {
    const placement = clientele?.placement(name, setContents)
    return () => placement?.stop()
  }, [clientele, name])
  return contents
}

/** One card. Its impression is told when it has truly been seen. */
function Card({ content }: { content: Content }) {
  const card = useRef<HTMLElement>(null)
  const [said, setSaid] = useState<Said>()
  useEffect(() => {
    if (card.current) content.watch(card.current)
  }, [content])
  const answer = async (kind: 'accept' | 'not_now' | 'refuse') => setSaid(await content.answer(kind))
  return (
    <article ref={card} lang={content.language}>
      {content.subject !== null && <h3>{content.subject}</h3>}
      <p>{content.text}</p>
      {said ? (
        <p role="status">{said.kept ? 'Sent as soon as there is a connection.' : 'Thank you.'}</p>
      ) : (
        <>
          <button type="button" onClick={() => answer('accept')}>
            Yes, please
          </button>
          <button type="button" onClick={() => answer('not_now')}>
            Not now
          </button>
          <button type="button" onClick={() => answer('refuse')}>
            No, thank you
          </button>
        </>
      )}
    </article>
  )
}

export function ForYou({ placement = 'web_overview' }: { placement?: string }) {
  const contents = usePlacement(placement)
  if (!contents?.length) return null
  return (
    <section aria-labelledby="for-you">
      <h2 id="for-you">For you</h2>
      {contents.map((content) => (
        <Card key={content.contactId} content={content} />
      ))}
    </section>
  )
}

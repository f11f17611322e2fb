import Type, { type Static, type TProperties, type TSchema } from 'typebox'

const ID = '^[a-z][a-z0-9_]{0,62}$'

/** An id of a document: snake_case, 1..63 characters. */
export const DocumentId = Type.String({ pattern: ID, description: 'a snake_case id' })

/** A string that must be the id of a document of that kind; validation finds the ones that are not. */
export const refersTo = (kind: string) =>
  Type.String({ pattern: ID, refers: kind, description: `the id of a document of kind ${kind}` } as {
    pattern: string
  })

/** The schema of a document: kind, id, title and description, and the kind's own fields; unknown keys are refused. */
export const documentSchema = <const K extends string, P extends TProperties>(kind: K, fields: P) =>
  Type.Object(
    {
      kind: Type.Literal(kind),
      id: DocumentId,
      title: Type.String({ minLength: 1, maxLength: 160 }),
      description: Type.Optional(Type.String({ maxLength: 8000 })),
      ...fields,
    },
    { additionalProperties: false },
  )

/** The TypeScript type of the documents of a schema made with `documentSchema`. */
export type DocumentOf<S extends TSchema> = Static<S>

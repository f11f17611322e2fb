import Type from 'typebox'

/** The register of personal data: every column that holds some, what for and how long. */
export const PersonalDataReply = Type.Object({
  columns: Type.Array(
    Type.Object({
      table: Type.String(),
      column: Type.String(),
      type: Type.String(),
      purpose: Type.String(),
      retention: Type.String(),
    }),
  ),
})

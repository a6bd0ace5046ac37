/** The shape that every language fills: the same keys, any texts. */
export type Texts<T> = { [K in keyof T]: T[K] extends string ? string : Texts<T[K]> }

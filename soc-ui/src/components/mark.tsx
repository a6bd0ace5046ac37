/** The product's sign: a watch-tower with its lamp lit. */
export function Mark({ size = 28 }: { size?: number }) {
  return (
    <svg viewBox="0 0 32 32" width={size} height={size} aria-hidden="true" focusable="false">
      <path d="M16 3 6.5 9.6h19z" fill="#5eead4" />
      <path d="M9.2 11.2h13.6v5.6H9.2z" fill="#f4f6ff" />
      <path d="M13.6 12.6h4.8v4.2h-4.8z" fill="#14183a" />
      <path d="M15.2 13.6h1.6v1.6h-1.6z" fill="#5eead4" />
      <path d="M7.2 18.2h17.6v2.2H7.2z" fill="#5eead4" />
      <path d="m11 21.8-2.6 7.6h2.7l1-3.2h7.8l1 3.2h2.7L21 21.8h-2.6l.7 2.2h-6.2l.7-2.2z" fill="#f4f6ff" />
    </svg>
  )
}

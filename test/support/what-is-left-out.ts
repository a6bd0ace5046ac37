/** Says at the end of `npm test` what it leaves out, so that nobody takes it for the whole. */
export function teardown(): void {
  console.log(
    '\nNot in this run: the programs that send (npm run test:sources), the stores on a real Elasticsearch (npm run test:elasticsearch, needs Java),' +
      ' faults (npm run test:chaos), the browser (npm run test:e2e).\n',
  )
}

/** Says at the end of `npm test` what it leaves out, so that nobody takes it for the whole. */
export function teardown(): void {
  console.log('\nNot in this run: the stores on a real Elasticsearch. They are tested by: npm run test:elasticsearch\n')
}

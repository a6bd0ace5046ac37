import { say } from '@vonggac/contract'
import { expect, it } from 'vitest'
import { describeError } from './describe-error.ts'
import { i18n } from './i18n/index.ts'
import { ApiError } from './problem.ts'

const vi = i18n.getFixedT('vi')
const problem = { code: 'already-exists', status: 409, title: 'There is such a record already' } as const

it('says a problem with a code wholly in the reader’s language', () => {
  const said = say('user-name-taken', { user: 'an' })
  const error = new ApiError({ ...problem, detail: said.text, said, errors: [{ path: 'body.userName', message: 'is taken' }] })
  expect(describeError(error, vi, 'vi')).toEqual({ title: 'Đã có bản ghi này', detail: 'Tên đăng nhập an đã có người dùng.' })
  expect(describeError(error, vi, 'en').detail).toBe('The user name an is taken.')
})

it('leaves the words of a problem without one, and adds the places that they do not name', () => {
  const errors = [
    { path: 'body.id', message: 'too short' },
    { path: 'body.name', message: 'missing' },
  ]
  const error = new ApiError({ ...problem, detail: 'body.id: too short', errors })
  expect(describeError(error, vi, 'vi').detail).toBe('body.id: too short · body.name: missing')
})

it('says in words of its own that the server does not answer', () => {
  const error = new ApiError({ code: 'unreachable', status: 0, title: '', detail: 'Check the connection.' })
  expect(describeError(error, vi, 'vi').detail).toBe('Hãy kiểm tra kết nối mạng rồi thử lại.')
})

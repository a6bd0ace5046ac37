import { Button, Select, TextInput } from '@mantine/core'
import { taskStatusSchema, type CaseDetail, type CaseTask, type TaskStatus } from '@vonggac/contract'
import { Circle, CircleCheckBig, CircleDotDashed, CircleSlash, Plus, type LucideIcon } from 'lucide-react'
import { useState, type FormEvent } from 'react'
import { Tag } from '../../components/status.tsx'
import { localized, useTexts } from '../../lib/i18n/index.ts'
import { useAssignees, usePlaybooks, useUserName } from '../../lib/people.ts'
import { useChange } from '../../lib/queries.ts'
import { useMay } from '../../lib/session.ts'
import { Ago } from '../../components/when.tsx'
import classes from './case-tasks.module.css'

const icons: Readonly<Record<TaskStatus, LucideIcon>> = { todo: Circle, doing: CircleDotDashed, done: CircleCheckBig, skipped: CircleSlash }

export function CaseTasks({ detail }: { detail: CaseDetail }) {
  const { t } = useTexts()
  const may = useMay('analyst')
  const playbooks = usePlaybooks()
  const { tasks, playbook } = detail.case
  const name = playbooks.find((one) => one.value === playbook)?.label ?? playbook
  return (
    <div data-testid="case-tasks">
      {name && <p className={classes.lead}>{t('cases.fromPlaybook', { playbook: name })}</p>}
      {tasks.length === 0 && <p className={classes.lead}>{t('cases.noTasks')}</p>}
      <ol className={classes.tasks}>
        {tasks.map((task) => (
          <Task key={task.id} task={task} detail={detail} may={may} />
        ))}
      </ol>
      {may && <AddTask detail={detail} />}
    </div>
  )
}

function Task({ task, detail, may }: { task: CaseTask; detail: CaseDetail; may: boolean }) {
  const { t, language } = useTexts()
  const assignees = useAssignees(detail.case.agency)
  const userName = useUserName()
  const change = useChange('changeCaseTask')
  const title = localized(task.title, language)
  const Icon = icons[task.status]
  const send = (part: { status?: TaskStatus; assignee?: string | null }) =>
    change.mutate({ params: { id: detail.case.id, task: task.id }, body: { ...part, version: detail.case.version } })
  return (
    <li className={classes.task} data-status={task.status} data-testid="case-task">
      <Icon size={18} aria-hidden className={classes.icon} />
      <div className={classes.text}>
        <div className={classes.title}>
          {title} {task.mandatory && <Tag>{t('cases.mandatory')}</Tag>}
        </div>
        {task.description && <div className={classes.description}>{localized(task.description, language)}</div>}
        {task.completedAt && task.completedBy && (
          <div className={classes.description}>
            {t('cases.completedBy', { user: userName(task.completedBy) })} · <Ago at={task.completedAt} />
          </div>
        )}
      </div>
      <div className={classes.controls}>
        <Select
          size="xs"
          w={122}
          aria-label={t('cases.taskStatusOf', { task: title })}
          data={taskStatusSchema.options.map((value) => ({ value, label: t(`taskStatus.${value}`) }))}
          value={task.status}
          allowDeselect={false}
          disabled={!may || change.isPending}
          onChange={(status) => status && send({ status: status as TaskStatus })}
        />
        <Select
          size="xs"
          w={160}
          aria-label={t('cases.taskAssigneeOf', { task: title })}
          placeholder={t('common.nobody')}
          data={assignees}
          value={task.assignee ?? null}
          clearable
          disabled={!may || change.isPending}
          onChange={(assignee) => send({ assignee })}
        />
      </div>
    </li>
  )
}

function AddTask({ detail }: { detail: CaseDetail }) {
  const { t } = useTexts()
  const [title, setTitle] = useState('')
  const add = useChange('addCaseTask')
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (title.trim() === '') return
    add.mutate(
      { params: { id: detail.case.id }, body: { title: title.trim(), version: detail.case.version } },
      { onSuccess: () => setTitle('') },
    )
  }
  return (
    <form onSubmit={submit} className={classes.add}>
      <TextInput
        size="xs"
        aria-label={t('cases.taskTitle')}
        placeholder={t('cases.taskTitle')}
        value={title}
        onChange={(event) => setTitle(event.currentTarget.value)}
        maxLength={300}
      />
      <Button
        size="xs"
        type="submit"
        variant="default"
        leftSection={<Plus size={14} aria-hidden />}
        disabled={title.trim() === ''}
        loading={add.isPending}
      >
        {t('cases.addTask')}
      </Button>
    </form>
  )
}

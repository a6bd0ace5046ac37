import type { LocalizedText, Severity } from '@vonggac/contract'
import { never } from '@vonggac/sigma'
import type { LoadedDetection } from '../detection/index.ts'

export type WatchRule = 'watch:silence' | 'watch:never-heard' | 'watch:collector' | 'watch:volume' | 'watch:ledger'

interface Wording {
  readonly level: Severity
  readonly title: LocalizedText
  readonly description: LocalizedText
  readonly reason: LocalizedText
}

/** What the alarms are about that are found in the ledger and not in an event. */
const wordings: Readonly<Record<WatchRule, Wording>> = {
  'watch:silence': {
    level: 'medium',
    title: { vi: 'Nguồn ngừng gửi nhật ký', en: 'A source has fallen silent' },
    description: {
      vi: 'Nguồn không gửi gì lâu hơn mức cho phép, tính theo lịch làm việc của nó.',
      en: 'The source has sent nothing for longer than it may, by its calendar.',
    },
    reason: {
      vi: 'Không có nhật ký thì không luật nào phát hiện được gì trên hệ thống này; kẻ tấn công cũng thường tắt nhật ký trước tiên.',
      en: 'Without its logs no rule sees anything of this system; and attackers often stop the logging first.',
    },
  },
  'watch:never-heard': {
    level: 'low',
    title: { vi: 'Nguồn chưa từng gửi nhật ký', en: 'A source has never sent' },
    description: {
      vi: 'Nguồn đã được khai báo hơn một ngày mà chưa gửi nhật ký nào.',
      en: 'The source was registered more than a day ago and has sent nothing yet.',
    },
    reason: {
      vi: 'Hệ thống được cho là đang giám sát, nhưng thực tế chưa có gì được giám sát.',
      en: 'The system is believed to be watched, and nothing of it is.',
    },
  },
  'watch:collector': {
    level: 'high',
    title: { vi: 'Bộ thu thập không còn báo cáo', en: 'A collector reports no more' },
    description: {
      vi: 'Bộ thu thập đã gửi báo cáo đều đặn, nay không gửi nữa; các nguồn của nó không thể đánh giá được.',
      en: 'The collector used to report every few seconds and does no more; nothing can be said about its sources.',
    },
    reason: {
      vi: 'Mọi nguồn gửi qua bộ thu thập này đang nằm ngoài tầm giám sát.',
      en: 'All sources that send through this collector are out of sight.',
    },
  },
  'watch:volume': {
    level: 'low',
    title: { vi: 'Lượng nhật ký của nguồn khác thường', en: 'A source sends unusually much or little' },
    description: {
      vi: 'Số sự kiện trong ngày lệch xa so với số đã khai báo cho nguồn.',
      en: 'The events of the day are far from the number that was declared for the source.',
    },
    reason: {
      vi: 'Quá ít có thể là mất một phần nhật ký; quá nhiều có thể là tấn công, lỗi lặp hoặc cấu hình sai.',
      en: 'Too few may be a part that is lost; too many may be an attack, a loop or a mistake in the configuration.',
    },
  },
  'watch:ledger': {
    level: 'high',
    title: { vi: 'Sổ cái nhật ký không khớp', en: 'The ledger does not add up' },
    description: {
      vi: 'Số sự kiện nhận được, ghi bền, chuyển tiếp, lưu trữ và đánh giá không bằng nhau sau thời gian cho phép.',
      en: 'Events received, journaled, forwarded, stored and evaluated still differ after the time that they may take.',
    },
    reason: {
      vi: 'Có sự kiện bị mất hoặc mắc lại trước khi được các luật xem xét.',
      en: 'Events were lost, or are held up, before any rule could see them.',
    },
  },
}

const rules: ReadonlyMap<string, LoadedDetection> = new Map(
  Object.entries(wordings).map(([id, wording]) => [id, ruleOf(id as WatchRule, wording)]),
)

/** The rule that an alarm's alert names; undefined for the id of any other rule. */
export function findWatchRule(id: string): LoadedDetection | undefined {
  return rules.get(id)
}

/** It is true of no event: what it found stands in the alert's group and note. */
function ruleOf(id: WatchRule, { level, title, description, reason }: Wording): LoadedDetection {
  return {
    compiled: {
      id,
      title: title.en,
      level,
      status: 'stable',
      description: description.en,
      references: [],
      tags: [],
      falsePositives: [],
      fields: [],
      custom: {},
      file: id,
      line: 1,
      logSource: {},
      expression: never,
    },
    pack: 'watch',
    groupBy: [],
    titles: title,
    descriptions: description,
    reason,
  }
}

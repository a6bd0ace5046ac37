import { random } from '../report.ts'

/** Devices of a city as the collector's benchmark knows them: six formats, each from an address of its own on the loopback, so each is a source. */
export interface Device {
  /** Also the parser's name. */
  readonly source: string
  /** From where it sends: Linux answers on all of 127.0.0.0/8. */
  readonly address: string
  /** `count` frames without line ends, as that product writes them. */
  readonly frames: (count: number) => Buffer[]
}

type Draw = (below: number) => number

const writers: Readonly<Record<string, (draw: Draw, stamp: string, index: number) => string>> = {
  nginx: (draw, stamp, index) =>
    `<190>1 ${stamp} web-01 nginx 812 - - 203.0.113.${draw(250)} - - [${clf(stamp)} +0000] "GET /ho-so/${index}?trang=${draw(9)} HTTP/1.1" 200 ${draw(90_000)} "https://dichvucong.example.vn/" "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36"`,
  openssh: (draw, stamp, index) =>
    `<38>1 ${stamp} bastion-01 sshd ${1000 + draw(30_000)} - - Failed password for invalid user u${index % 1000} from 198.51.100.${draw(250)} port ${1024 + draw(60_000)} ssh2`,
  fortigate: (draw, stamp, index) =>
    `<189>date=${stamp.slice(0, 10)} time=${stamp.slice(11, 19)} devname="FGT-TTDL-01" devid="FG200FT920900123" eventtime=${Date.parse(stamp)}000000 tz="+0000" logid="0000000013" type="traffic" subtype="forward" level="notice" vd="root" srcip=10.79.${draw(250)}.${draw(250)} srcport=${1024 + draw(60_000)} srcintf="port3" srcintfrole="lan" dstip=203.0.113.${draw(250)} dstport=443 dstintf="wan1" dstintfrole="wan" sessionid=${index} proto=6 action="close" policyid=21 policytype="policy" service="HTTPS" trandisp="noop" duration=${draw(300)} sentbyte=${draw(90_000)} rcvdbyte=${draw(900_000)} sentpkt=${draw(90)} rcvdpkt=${draw(90)}`,
  'cisco-asa': (draw, stamp, index) =>
    `<166>${bsd(local(stamp))} fw-01 : %ASA-6-302013: Built outbound TCP connection ${index} for outside:203.0.113.${draw(250)}/443 (203.0.113.10/443) to inside:10.79.4.${draw(250)}/${1024 + draw(60_000)} (198.51.100.7/${1024 + draw(60_000)})`,
  'ecs-json': (draw, stamp, index) =>
    `<134>1 ${stamp} app-01 ho-so 4711 - - ${JSON.stringify({
      '@timestamp': stamp,
      message: `Hồ sơ ${index} đã được tiếp nhận`,
      log: { level: 'info', logger: 'vn.example.hoso.TiepNhan' },
      event: { dataset: 'ho-so.app', action: 'ho-so-tiep-nhan', category: ['web'], outcome: 'success', duration: draw(9_000_000) },
      source: { ip: `203.0.113.${draw(250)}` },
      user: { id: String(draw(9_000)), name: `canbo${draw(900)}` },
      trace: { id: `${index.toString(16).padStart(16, '0')}${draw(2 ** 31).toString(16)}` },
    })}`,
  haproxy: (draw, stamp) =>
    `<134>${bsd(local(stamp))} lb-01 haproxy[2345]: 198.51.100.${draw(250)}:${1024 + draw(60_000)} [${clf(local(stamp))}.${stamp.slice(20, 23)}] fe-https~ be-portal/web${draw(4)} ${draw(20)}/0/${draw(30)}/${draw(200)}/${draw(300)} 200 ${draw(90_000)} - - ---- ${draw(90)}/${draw(90)}/1/1/0 0/0 "GET /dich-vu-cong/tra-cuu?ma=${draw(9_999)} HTTP/1.1"`,
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
const monthOf = (stamp: string) => months[Number(stamp.slice(5, 7)) - 1]!
const clf = (stamp: string) => `${stamp.slice(8, 10)}/${monthOf(stamp)}/${stamp.slice(0, 4)}:${stamp.slice(11, 19)}`
/** RFC 3164 and HAProxy write the time of where they stand, which is the collector's. */
const local = (stamp: string) => new Date(Date.parse(stamp) + 7 * 3_600_000).toISOString()
const bsd = (stamp: string) => `${monthOf(stamp)} ${stamp.slice(8, 10).replace(/^0/, ' ')} ${stamp.slice(11, 19)}`

/** The same seed and time give the same frames. Their clock goes on by a second every thousand frames. */
export function sixDevices(seed: number, atMs: number): Device[] {
  return Object.entries(writers).map(([source, write], place) => {
    const next = random(seed + place)
    const draw: Draw = (below) => Math.floor(next() * below)
    const line = (index: number) => Buffer.from(write(draw, new Date(atMs + index).toISOString(), index))
    const frames = (count: number) => Array.from({ length: count }, (_, index) => line(index))
    return { source, address: `127.0.0.${11 + place}`, frames }
  })
}

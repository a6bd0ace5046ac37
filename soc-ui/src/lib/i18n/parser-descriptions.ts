import type { ParserSummary } from '@vonggac/contract'
import type { Language } from './language.ts'

/** What the product's parsers read, in Vietnamese, by their names; their own files say it in English. */
const vietnamese: Readonly<Record<string, string>> = {
  apache: 'Máy chủ web Apache: log truy cập (common, combined, vhost_combined) và log lỗi, theo dòng hoặc qua syslog',
  asterisk: 'Tổng đài Asterisk: log bảo mật (res_security_log) và đăng ký bị từ chối, theo dòng hoặc qua syslog',
  auditd: 'Nhật ký auditd của Linux. Đọc từ tệp thì các bản ghi của một sự kiện được ghép lại; qua syslog thì mỗi bản ghi là một sự kiện',
  bind: 'Máy chủ tên miền BIND (named): truy vấn, truy vấn bị từ chối, chuyển vùng, cập nhật; từ tệp riêng hoặc qua syslog',
  cef: 'Common Event Format (CEF) của mọi hãng, qua syslog hoặc theo dòng',
  checkpoint: 'Cổng bảo vệ và máy quản lý Check Point qua Log Exporter: dạng syslog (dấu chấm phẩy) và CEF',
  'cisco-asa': 'Cisco ASA và Firepower Threat Defense (%ASA, %FTD) qua syslog',
  'cisco-ios': 'Thiết bị chuyển mạch, định tuyến Cisco IOS, IOS XE và NX-OS qua syslog',
  ckan: 'Cổng dữ liệu mở CKAN: yêu cầu do uWSGI ghi và log của CKAN (đăng nhập, yêu cầu, lỗi)',
  dahua: 'Camera và đầu ghi Dahua: sự kiện của HTTP API (Code=…;action=…;index=…;data=…), theo dòng hoặc qua syslog',
  dhcpd: 'Máy chủ DHCP của ISC (dhcpd) qua syslog',
  dnsmasq: 'dnsmasq: truy vấn và trả lời DNS, cấp phát DHCP, từ tệp hoặc qua syslog',
  'ecs-json': 'Đối tượng JSON đã mang tên trường ECS, lồng nhau hay phẳng, do ứng dụng và chương trình gửi log ghi',
  fortigate: 'Tường lửa Fortinet FortiGate (FortiOS 6 đến 7) qua syslog, dạng mặc định và csv: lưu lượng, UTM, sự kiện',
  gelf: 'Bản tin GELF của mọi ứng dụng (thư viện Graylog, Docker, Logstash); trường riêng của máy gửi nằm dưới gelf.',
  geoserver: 'Máy chủ bản đồ GeoServer: log của nó, gồm cả các yêu cầu do LoggingFilter ghi',
  haproxy: 'Cân bằng tải HAProxy qua syslog: log HTTP và TCP, lỗi kết nối, trạng thái máy chủ',
  hikvision: 'Camera, đầu ghi và thiết bị kiểm soát ra vào Hikvision: cảnh báo ISAPI, dạng XML hoặc JSON',
  iis: 'Microsoft IIS, log W3C mở rộng: từ tệp thì theo các trường mà tệp khai; gửi từng dòng thì theo bộ trường mặc định hoặc đầy đủ',
  iptables: 'Gói tin do netfilter của Linux ghi (iptables, ip6tables, nftables, ufw) qua syslog',
  journald: 'Mục nhật ký systemd mà bộ phân tích khác của nguồn không đọc được; hãy đặt cuối cùng, ví dụ [openssh, journald]',
  json: 'Đối tượng JSON của mọi ứng dụng, mỗi dòng một đối tượng; tên không thuộc ECS nằm dưới json.',
  kamailio: 'Máy chủ SIP Kamailio qua syslog: cuộc gọi (acc), đăng nhập bị từ chối, tràn yêu cầu (pike)',
  'key-value': 'Cặp khóa=giá trị của mọi ứng dụng, như logfmt; các khóa nằm dưới kv.',
  keycloak: 'Keycloak: sự kiện của người dùng và quản trị viên, dạng JSON hoặc văn bản',
  'kubernetes-audit': 'Nhật ký kiểm toán của máy chủ API Kubernetes (audit.k8s.io/v1), dạng JSON',
  leef: 'Log Event Extended Format (LEEF 1.0 và 2.0) của mọi hãng, qua syslog hoặc theo dòng',
  linux: 'Tài khoản và quyền trên Linux qua syslog: sudo, su, useradd, PAM, cron, systemd-logind, polkit',
  modsecurity: 'Tường lửa ứng dụng web ModSecurity 2 và 3: nhật ký kiểm toán JSON, và dòng ghi vào log lỗi của Apache, nginx',
  mysql: 'MySQL và MariaDB: nhật ký kiểm toán (server_audit, MySQL Enterprise, Percona), general log và log lỗi',
  nginx: 'Log truy cập nginx dạng combined, có thể thêm $request_time ở cuối; theo dòng hoặc qua syslog',
  onvif: 'Sự kiện ONVIF của camera: mỗi NotificationMessage (WS-BaseNotification) một sự kiện, dạng XML',
  openssh: 'Máy chủ OpenSSH (sshd) qua syslog',
  oracle: 'Cơ sở dữ liệu Oracle: unified audit (UNIFIED_AUDIT_SYSTEMLOG) và vết kiểm toán cũ (AUDIT_SYSLOG_LEVEL) qua syslog',
  otlp: 'Bản ghi log OpenTelemetry qua OTLP/HTTP; quy ước ngữ nghĩa thành ECS, phần còn lại nằm dưới otel.',
  'palo-alto': 'Tường lửa Palo Alto Networks (PAN-OS 9.1 đến 11) qua syslog, dạng mặc định: TRAFFIC, THREAT, SYSTEM, CONFIG, GLOBALPROTECT',
  pfsense: 'pfSense và OPNsense qua syslog: bộ lọc gói (filterlog), đăng nhập và thay đổi trên giao diện web, OpenVPN',
  postfix: 'Hệ thống thư Postfix qua syslog: kết nối, đăng nhập, thư bị từ chối và đã chuyển',
  postgresql: 'PostgreSQL và pgAudit: log dạng văn bản, CSV hoặc JSON, theo dòng hoặc qua syslog',
  samba: 'Samba: tệp được truy cập (vfs_full_audit qua syslog), đăng nhập và thay đổi của miền (kiểm toán JSON)',
  snort: 'Cảnh báo Snort 2 và 3: alert_fast từ tệp hoặc qua syslog, và alert_json',
  sophos: 'Tường lửa Sophos (SFOS 17 đến 21, XG và XGS) qua syslog: tường lửa, lọc nội dung, IPS, diệt mã độc, xác thực, hệ thống',
  sqlserver: 'Microsoft SQL Server: bản ghi kiểm toán JSON theo tên của sys.fn_get_audit_file, và đăng nhập trong log lỗi',
  squid: 'Log truy cập của proxy Squid, dạng riêng và combined, theo dòng hoặc qua syslog',
  suricata: 'Tệp eve.json của Suricata (bản 6 đến 8), theo dòng hoặc qua syslog',
  windows:
    'Nhật ký sự kiện Windows (Security, Sysmon, PowerShell, System…) do Winlogbeat, NXLog, Snare, evtx_dump hoặc XML của Windows ghi',
  'windows-dhcp': 'Nhật ký của máy chủ DHCP trên Windows (DhcpSrvLog, cách nhau bởi dấu phẩy), theo dòng hoặc qua syslog',
  wso2: 'WSO2 API Manager và Identity Server: log truy cập HTTP, nhật ký kiểm toán (AUDIT_LOG), log tương quan',
  zeek: 'Log Zeek (conn, dns, http, ssl, ssh, notice, files…) dạng JSON, theo dòng hoặc qua syslog, và dạng cột khi đọc từ tệp',
}

/** What a parser reads; an agency's own as its author wrote it. */
export function parserDescription({ name, description, origin }: ParserSummary, language: Language): string {
  return (language === 'vi' && origin === 'product' && vietnamese[name]) || description
}

/** The values of records, as every page names them. */
export const words = {
  severity: { informational: 'Thông tin', low: 'Thấp', medium: 'Trung bình', high: 'Cao', critical: 'Nghiêm trọng' },
  alertStatus: { new: 'Mới', acknowledged: 'Đã tiếp nhận', escalated: 'Đã chuyển vụ việc', closed: 'Đã đóng' },
  resolution: {
    'true-positive': 'Đúng là tấn công',
    benign: 'Hoạt động hợp lệ',
    'false-positive': 'Cảnh báo sai',
    duplicate: 'Trùng lặp',
    hint: {
      'true-positive': 'Có hành vi xâm hại và đã xử lý xong',
      benign: 'Luật bắn đúng, nhưng việc này được phép (kiểm thử, bảo trì…)',
      'false-positive': 'Luật bắn sai, nên tinh chỉnh luật',
      duplicate: 'Đã có cảnh báo hoặc vụ việc khác theo dõi',
    },
  },
  caseStatus: { open: 'Đang xử lý', contained: 'Đã ngăn chặn', resolved: 'Đã khắc phục', closed: 'Đã đóng' },
  taskStatus: { todo: 'Chưa làm', doing: 'Đang làm', done: 'Đã xong', skipped: 'Bỏ qua' },
  ruleState: { active: 'Đang chạy', disabled: 'Đã tắt', refused: 'Không nạp được', 'no-source': 'Không có nguồn log' },
  tlp: {
    clear: 'Công khai, không hạn chế',
    green: 'Trong cộng đồng an toàn thông tin, không công bố',
    amber: 'Trong cơ quan nhận và những bên cần biết để hỗ trợ',
    amberStrict: 'Chỉ trong cơ quan nhận',
    red: 'Chỉ những người được gửi đích danh',
  },
  role: { viewer: 'Người xem', analyst: 'Chuyên viên phân tích', manager: 'Trưởng ca', administrator: 'Quản trị viên' },
}

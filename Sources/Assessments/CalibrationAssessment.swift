public struct CalibrationAssessment: Codable, Hashable, Sendable {}

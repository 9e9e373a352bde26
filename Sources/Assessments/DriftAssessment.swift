public struct DriftAssessment: Codable, Hashable, Sendable {}

public struct GroupAssessment: Codable, Hashable, Sendable {}

public struct EffectAssessment: Codable, Hashable, Sendable {}

#include "core/patterns/visibility.h"

namespace lab {

Visibility::Visibility(const PatternConfig& pattern, bool causal, bool diagonalMasked)
    : m_pattern(pattern.kind), m_causal(causal), m_diagonalMasked(diagonalMasked) {
    for (const ParameterSpec& spec : m_pattern->parameters) m_numbers.push_back(static_cast<std::int64_t>(pattern.parameters[spec]));
}

/// But for the last resort.
bool Visibility::reaches(int i, int j, int keys) const {
    if ((m_causal && j > i) || (m_diagonalMasked && j == i)) return false;
    return m_pattern->allows(frame(keys), i, j);
}

/// Neighbours first: they are what most patterns allow.
bool Visibility::isAlone(int i, int keys) const {
    for (int distance = 1; distance <= i || i + distance < keys; ++distance)
        if ((distance <= i && reaches(i, i - distance, keys)) || (i + distance < keys && reaches(i, i + distance, keys))) return false;
    return true;
}

bool Visibility::mayAttend(int i, int j, int keys) const {
    return reaches(i, j, keys) || (i == j && (hashes() || isAlone(i, keys)));
}

Message Visibility::whyNot(int i, int j, int keys) const {
    if (mayAttend(i, j, keys)) return {};
    if (m_causal && j > i) return LAB_TEXT("patterns", "behind the query");
    if (m_diagonalMasked && j == i) return LAB_TEXT("patterns", "the diagonal is masked");
    return m_pattern->whyNot(frame(keys), i, j);
}

/// Unless every query sees as much of itself and of the others as any other does.
bool Visibility::tellsPlacesApart(int length) const {
    if (hidesNothing() || length < 2) return false;
    if (hashes()) return true;  // chunks are cut by places
    const bool self = mayAttend(0, 0, length), others = mayAttend(0, 1, length);
    for (int i = 0; i < length; ++i)
        for (int j = 0; j < length; ++j)
            if (mayAttend(i, j, length) != (i == j ? self : others)) return true;
    return false;
}

Message Visibility::summary() const {
    if (!hasPattern()) return {};
    std::vector<Message> numbers;
    for (std::size_t i = 0; i < m_numbers.size(); ++i)
        numbers.push_back(Message(LAB_TEXT("patterns", "%1 %2")).arg(m_pattern->parameters[i].key).arg(m_numbers[i]));
    return Message(LAB_TEXT("patterns", "Pattern %1 with %2: %3."))
        .arg(m_pattern.name())
        .arg(Message::joined(std::move(numbers), ", "))
        .arg(Message(m_pattern->help));
}

}  // namespace lab

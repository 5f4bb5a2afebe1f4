#include "ui/pages/memory/memory_state.h"

#include <algorithm>
#include <cmath>

#include "core/memory/icons.h"
#include "core/memory/modern_look.h"
#include "core/memory/storage_rule.h"
#include "ui/pages/memory/memory_notes.h"

namespace lab {
namespace {

constexpr std::size_t mostSteps = 200;
constexpr std::size_t mostStepBytes = std::size_t{32} << 20;

std::size_t bytesOf(const MemoryValue& value) {
    std::size_t bytes = sizeof(MemoryValue) + value.query.states.size();
    for (const Pattern& pattern : value.patterns) bytes += sizeof(Pattern) + pattern.name.size() + pattern.states.size();
    return bytes;
}

/// Out-of-range members put right; patterns of another size than the first are left out.
MemoryValue putRight(MemoryValue value) {
    std::vector<Pattern>& patterns = value.patterns;
    if (!patterns.empty()) {
        const int rows = patterns.front().rows, columns = patterns.front().columns;
        std::erase_if(patterns, [=](const Pattern& each) { return each.rows != rows || each.columns != columns; });
        if (patterns.size() > static_cast<std::size_t>(mostPatterns)) patterns.resize(mostPatterns);
    }
    value.chosen = patterns.empty() ? -1 : std::clamp(value.chosen, 0, static_cast<int>(patterns.size()) - 1);
    value.noise = std::clamp(value.noise, 0, 100);
    value.beta = std::isfinite(value.beta) ? std::clamp(value.beta, leastBeta, largestBeta) : MemoryValue().beta;
    if (!findStorageRule(value.rule)) value.rule = MemoryValue().rule;
    const Pattern* chosen = value.chosenPattern();
    if (chosen && (value.query.rows != chosen->rows || value.query.columns != chosen->columns)) value.askAgain();
    return value;
}

}  // namespace

const Pattern* MemoryValue::chosenPattern() const {
    const bool stored = chosen >= 0 && chosen < static_cast<int>(patterns.size());
    return stored ? &patterns[static_cast<std::size_t>(chosen)] : nullptr;
}

Pattern MemoryValue::noisyPattern() const {
    const Pattern* of = chosenPattern();
    return of ? withNoise(*of, noise / 100.0, seed) : query;
}

MemoryValue firstMemory() {
    MemoryValue value;
    for (const char* name : {"skull", "apple", "key", "boat"})
        if (const Pattern* icon = findBuiltInPattern(name)) value.patterns.push_back(*icon);
    value.askAgain();
    return value;
}

MemoryState::MemoryState(QObject* parent) : QObject(parent), m_value(firstMemory()) {}

void MemoryState::take(MemoryValue value) {
    value = putRight(std::move(value));
    if (value == m_value) return;
    m_value = std::move(value);
    emit changed();
}

void MemoryState::set(MemoryValue value) {
    take(std::move(value));
}

void MemoryState::edit(MemoryValue value, const QString& what, int stroke) {
    value = putRight(std::move(value));
    if (value == m_value) return;
    m_undone.clear();
    if (stroke != 0 && !m_done.empty() && m_done.back().stroke == stroke) {
        m_done.back().after = value;
    } else {
        m_done.push_back({m_value, value, what, stroke});
    }
    forgetOldSteps();
    take(std::move(value));
}

/// The last step always stays.
void MemoryState::forgetOldSteps() {
    std::size_t kept = 0, bytes = 0;
    for (; kept < std::min(m_done.size(), mostSteps); ++kept) {
        const Step& step = m_done[m_done.size() - 1 - kept];
        bytes += bytesOf(step.before) + bytesOf(step.after);
        if (kept > 0 && bytes > mostStepBytes) break;
    }
    m_done.erase(m_done.begin(), m_done.end() - static_cast<std::ptrdiff_t>(kept));
}

void MemoryState::ask(MemoryValue value, const QString& what) {
    m_value.asksByNoise() ? set(std::move(value)) : edit(std::move(value), what);
}

QString MemoryState::undoName() const {
    return m_done.empty() ? QString() : m_done.back().what;
}
QString MemoryState::redoName() const {
    return m_undone.empty() ? QString() : m_undone.back().what;
}

/// Rule, updates and β are no handiwork: they stay as they are.
void MemoryState::takeHandiwork(const MemoryValue& from) {
    m_value.patterns = from.patterns;
    m_value.chosen = from.chosen;
    m_value.query = from.query;
    m_value.noise = from.noise;
    m_value.seed = from.seed;
    emit changed();
}

void MemoryState::undo() {
    if (m_done.empty()) return;
    m_undone.push_back(std::move(m_done.back()));
    m_done.pop_back();
    takeHandiwork(m_undone.back().before);
}

void MemoryState::redo() {
    if (m_undone.empty()) return;
    m_done.push_back(std::move(m_undone.back()));
    m_undone.pop_back();
    takeHandiwork(m_done.back().after);
}

QJsonObject MemoryState::notes() const {
    return m_value == firstMemory() ? QJsonObject() : notesOf(m_value);
}

void MemoryState::takeNotes(const QJsonObject& notes) {
    const bool couldUndo = canUndo() || canRedo();
    m_done.clear();
    m_undone.clear();
    MemoryValue value = putRight(notes.isEmpty() ? firstMemory() : memoryOf(notes, m_value));
    const bool same = value == m_value;
    take(std::move(value));
    if (same && couldUndo) emit changed();
}

}  // namespace lab

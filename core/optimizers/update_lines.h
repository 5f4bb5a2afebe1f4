#pragma once

#include <string_view>
#include <vector>

#include "core/optimizers/update_rule.h"

namespace lab {

/// Where an update begins; all [rows, columns], or of a rule without `whole` lines any part of the matrix.
struct UpdateStart {
    std::vector<double> weights, gradient;
    double clip = 1.0;
    std::vector<double> moments[2];  ///< as many as the rule keeps
};

/// All numbers of an update in double precision, line by line as the rule's row tells it: what is explained, and a check of the kernel.
class UpdateLines {
public:
    UpdateLines(const UpdateRule& rule, const UpdateFacts& facts, UpdateStart start);

    std::size_t size() const { return m_lines.size(); }
    std::string_view label(std::size_t index) const { return m_lines[index].label; }
    /// Null of "w", "gradient" and "g, clipped", which stand before the rule's own.
    const UpdateLine* line(std::size_t index) const { return m_lines[index].line; }
    const std::vector<double>& values(std::size_t index) const { return m_lines[index].values; }
    std::size_t indexOf(std::string_view label) const;

private:
    struct Line {
        std::string_view label;
        const UpdateLine* line;
        std::vector<double> values;
    };
    std::vector<double> momentValues(const UpdateLine& line, UpdateStart& start) const;
    std::vector<double> computed(const UpdateLine& line, UpdateStart& start) const;
    std::vector<double> termValues(const UpdateTerm& term) const;
    std::vector<double> wholeValues(const UpdateLine& line) const;

    const UpdateRule& m_rule;
    UpdateFacts m_facts;
    std::vector<Line> m_lines;
};

/// Whether a rule makes some line of the whole matrix at once.
bool needsWholeMatrix(const UpdateRule& rule);
/// Whether a term takes part.
bool applies(const UpdateTerm& term, const UpdateFacts& facts);

}  // namespace lab

#include "core/optimizers/update_lines.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <utility>

#include "core/ops/kernels.h"

namespace lab {

UpdateLines::UpdateLines(const UpdateRule& rule, const UpdateFacts& facts, UpdateStart start) : m_rule(rule), m_facts(facts) {
    std::vector<double> clipped = start.gradient;
    for (double& g : clipped) g *= start.clip;
    m_lines.push_back({arithmetic::w.name, nullptr, std::move(start.weights)});
    m_lines.push_back({"gradient", nullptr, std::move(start.gradient)});
    m_lines.push_back({arithmetic::g.name, nullptr, std::move(clipped)});
    for (const UpdateLine& line : rule.explanation.lines) m_lines.push_back({line.label, &line, computed(line, start)});
    const UpdateLine& after = rule.explanation.after;
    m_lines.push_back({after.label, &after, computed(after, start)});
}

std::size_t UpdateLines::indexOf(std::string_view label) const {
    const auto found = std::ranges::find(m_lines, label, &Line::label);
    assert(found != m_lines.end());
    return static_cast<std::size_t>(found - m_lines.begin());
}

std::vector<double> UpdateLines::termValues(const UpdateTerm& term) const {
    std::vector<double> product(m_lines.front().values.size(), term.minus ? -1.0 : 1.0);
    for (const UpdateOperand& factor : term.factors) {
        if (factor.name.empty()) break;
        if (factor.number) {
            const double number = factor.number(m_facts);
            for (double& p : product) p *= number;
        } else {
            const std::vector<double>& line = values(indexOf(factor.name));
            for (std::size_t i = 0; i < product.size(); ++i) product[i] *= line[i];
        }
    }
    return product;
}

std::vector<double> UpdateLines::wholeValues(const UpdateLine& line) const {
    const std::vector<double> of = termValues(line.terms[0]);
    assert(of.size() == static_cast<std::size_t>(m_facts.rows) * static_cast<std::size_t>(m_facts.columns));
    std::vector<float> x(of.begin(), of.end());
    std::vector<float> scratch(m_rule.scratch ? static_cast<std::size_t>(m_rule.scratch(m_facts.rows, m_facts.columns)) : 0);
    line.whole(kernels<float>(), m_facts.rows, m_facts.columns, x.data(), scratch.data());
    return {x.begin(), x.end()};
}

std::vector<double> UpdateLines::momentValues(const UpdateLine& line, UpdateStart& start) const {
    std::vector<double>& moment = start.moments[line.moment];
    if (!line.held) return std::move(moment);
    std::vector<double> values;
    for (int r = 0; r < m_facts.rows; ++r)
        for (int c = 0; c < m_facts.columns; ++c) values.push_back(line.held(m_facts, moment.data(), r, c));
    return values;
}

std::vector<double> UpdateLines::computed(const UpdateLine& line, UpdateStart& start) const {
    if (line.is == UpdateLine::Is::moment) return momentValues(line, start);
    if (line.is == UpdateLine::Is::whole) return wholeValues(line);
    std::vector<double> result = termValues(line.terms[0]);
    if (line.is == UpdateLine::Is::root) {
        for (double& x : result) x = std::sqrt(x);
    } else if (line.is == UpdateLine::Is::quotient) {
        const double epsilon = line.epsilon ? m_facts[*line.epsilon] : 0.0;
        const std::vector<double> divisor = termValues(line.terms[1]);
        for (std::size_t i = 0; i < result.size(); ++i) result[i] = divisor[i] + epsilon == 0.0 ? 0.0 : result[i] / (divisor[i] + epsilon);
    } else {
        for (const UpdateTerm& term : std::span(line.terms).subspan(1)) {
            if (!applies(term, m_facts)) continue;
            const std::vector<double> more = termValues(term);
            for (std::size_t i = 0; i < result.size(); ++i) result[i] += more[i];
        }
    }
    return result;
}

bool needsWholeMatrix(const UpdateRule& rule) {
    return std::ranges::any_of(rule.explanation.lines, [](const UpdateLine& line) { return line.is == UpdateLine::Is::whole; });
}

bool applies(const UpdateTerm& term, const UpdateFacts& facts) {
    return !term.empty() && (!term.applies || term.applies(facts));
}

}  // namespace lab

#pragma once

#include <algorithm>
#include <charconv>
#include <cmath>
#include <numbers>
#include <numeric>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace lab::testing {

/// A number, or a list of numbers or lists.
struct Value {
    double number = 0.0;
    std::vector<Value> items = {};
    bool isList = false;

    static Value list(std::vector<Value> of) { return {0.0, std::move(of), true}; }
};

constexpr int deepest = 64;  // of what stands in something else

class Calculation {
public:
    explicit Calculation(std::string_view text) : m_text(text) {}

    double result() {
        const double value = number(sum());
        if (peek() != '\0') refuse();
        return value;
    }

private:
    char peek() {
        while (m_at < m_text.size() && m_text[m_at] == ' ') ++m_at;
        return m_at < m_text.size() ? m_text[m_at] : '\0';
    }
    bool take(char wanted) {
        if (peek() != wanted) return false;
        ++m_at;
        return true;
    }
    [[noreturn]] void refuse() const {
        throw std::invalid_argument(std::string(m_text) + ": not understood at character " + std::to_string(m_at));
    }
    double number(const Value& value) const {
        if (value.isList) refuse();
        return value.number;
    }
    std::vector<double> numbers(const Value& list) const {
        if (!list.isList) refuse();
        std::vector<double> all;
        for (const Value& item : list.items) all.push_back(number(item));
        if (all.empty()) refuse();
        return all;
    }

    Value sum() {
        Value left = product();
        while (true) {
            const char sign = peek();
            if (sign != '+' && sign != '-') return left;
            ++m_at;
            const double right = number(product());
            left = {number(left) + (sign == '+' ? right : -right)};
        }
    }
    Value product() {
        Value left = power();
        while (true) {
            const char sign = peek();
            if (sign != '*' && sign != '/') return left;
            ++m_at;
            const double right = number(power());
            left = {sign == '*' ? number(left) * right : number(left) / right};
        }
    }
    /// Everything that stands in something else passes here.
    Value power() {
        if (++m_depth > deepest) refuse();
        const bool negative = take('-');
        Value value = negative ? power() : item();
        if (negative)
            value = {-number(value)};
        else if (take('^'))
            value = {std::pow(number(value), number(power()))};
        --m_depth;
        return value;
    }
    /// An atom, or one of a list's items.
    Value item() {
        Value value = atom();
        while (take('[')) {
            const double index = number(sum());
            const bool there = index >= 0.0 && index < static_cast<double>(value.items.size()) && index == std::floor(index);
            if (!take(']') || !there) refuse();
            value = Value(value.items[static_cast<std::size_t>(index)]);
        }
        return value;
    }
    Value atom() {
        const char c = peek();
        if (c == '(') return inParentheses();
        if ((c >= '0' && c <= '9') || c == '.') return {plainNumber()};
        if (c >= 'a' && c <= 'z') return named();
        refuse();
    }
    double plainNumber() {
        double value = 0.0;
        const char* begin = m_text.data() + m_at;
        const auto [end, error] = std::from_chars(begin, m_text.data() + m_text.size(), value);
        if (error != std::errc()) refuse();
        m_at += static_cast<std::size_t>(end - begin);
        return value;
    }
    /// (a) is a; (a, b) is a list.
    Value inParentheses() {
        if (!take('(')) refuse();
        std::vector<Value> items;
        do items.push_back(sum());
        while (take(','));
        if (!take(')')) refuse();
        return items.size() == 1 ? items.front() : Value::list(std::move(items));
    }
    Value named() {
        const std::size_t begin = m_at;
        while (m_at < m_text.size() && m_text[m_at] >= 'a' && m_text[m_at] <= 'z') ++m_at;
        const std::string_view name = m_text.substr(begin, m_at - begin);
        if (name == "pi") return {std::numbers::pi};
        return applied(name, inParentheses());
    }
    Value applied(std::string_view name, const Value& to) const {
        if (name == "exp") return {std::exp(number(to))};
        if (name == "ln") return {std::log(number(to))};
        if (name == "sqrt") return {std::sqrt(number(to))};
        if (name == "cos") return {std::cos(number(to))};
        if (name == "sin") return {std::sin(number(to))};
        if (name == "abs") return {std::abs(number(to))};
        if (name == "round") return {std::round(number(to))};
        if (name == "dot" || name == "cosine") return {dotOrCosine(name, to)};
        const std::vector<double> all = numbers(to);
        const double total = std::accumulate(all.begin(), all.end(), 0.0);
        if (name == "sum") return {total};
        if (name == "mean") return {total / static_cast<double>(all.size())};
        if (name == "max") return {*std::ranges::max_element(all)};
        if (name == "min") return {*std::ranges::min_element(all)};
        if (name == "softmax") return softmax(all);
        refuse();
    }
    double dotOrCosine(std::string_view name, const Value& pair) const {
        if (!pair.isList || pair.items.size() != 2) refuse();
        const std::vector<double> a = numbers(pair.items[0]), b = numbers(pair.items[1]);
        if (a.size() != b.size()) refuse();
        const double dot = std::inner_product(a.begin(), a.end(), b.begin(), 0.0);
        if (name == "dot") return dot;
        return dot /
               std::sqrt(std::inner_product(a.begin(), a.end(), a.begin(), 0.0) * std::inner_product(b.begin(), b.end(), b.begin(), 0.0));
    }
    static Value softmax(const std::vector<double>& scores) {
        const double largest = *std::ranges::max_element(scores);
        double total = 0.0;
        for (const double score : scores) total += std::exp(score - largest);
        std::vector<Value> weights;
        for (const double score : scores) weights.push_back({std::exp(score - largest) / total});
        return Value::list(std::move(weights));
    }

    std::string_view m_text;
    std::size_t m_at = 0;
    int m_depth = 0;
};

/// The value of a typed calculation: numbers, + - * / ^, parentheses, pi, and the functions exp, ln, sqrt, cos, sin, abs, round, sum, mean,
/// max, min, softmax(a, b, ...)[i], dot((a, b), (c, d)) and cosine((a, b), (c, d)). A list stands in parentheses; [i] takes one of it.
/// Throws std::invalid_argument with the character where it is wrong.
inline double calculated(std::string_view expression) {
    return Calculation(expression).result();
}

}  // namespace lab::testing

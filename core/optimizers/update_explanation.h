#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "core/base/message.h"
#include "core/base/parameters.h"
#include "core/ops/kernels.h"

// What an update rule does to a weight of a matrix, as data: lines of numbers, each made of earlier ones. Before a rule's lines stand "w",
// "gradient" and "g, clipped"; its last but one is "step", and "w after" follows.

namespace lab {

/// What the numbers in a line depend on.
struct UpdateFacts {
    const Parameters& numbers;  ///< of the rule
    double learningRate;        ///< of this step
    std::int64_t step;          ///< t, from 1
    int rows, columns;          ///< of the matrix

    double operator[](const ParameterSpec& spec) const { return numbers[spec]; }
};

/// An earlier line by its label, or a number by its symbol.
struct UpdateOperand {
    std::string_view name = {};
    double (*number)(const UpdateFacts&) = nullptr;  ///< null: a line
};

/// A product of up to three operands.
struct UpdateTerm {
    UpdateOperand factors[3];
    bool minus = false;
    bool (*applies)(const UpdateFacts&) = nullptr;  ///< null: always

    bool empty() const { return factors[0].name.empty(); }
};

/// A number for each weight and how it comes about.
struct UpdateLine {
    enum class Is {
        moment,    ///< what the optimizer remembers
        sum,       ///< of the terms
        quotient,  ///< of the first two terms, `epsilon` added to the divisor; 0 / 0 is 0
        root,      ///< of the first term
        whole,     ///< made of the whole matrix of the first term's line
    };
    Is is = Is::sum;
    std::string_view label = {};
    std::string_view name = {};  ///< as a formula has it, when it is not the label
    UpdateTerm terms[3];
    const ParameterSpec* epsilon = nullptr;
    int moment = 0;  ///< which one
    /// Of a moment whose numbers are not the weights' in their places: what a weight has in it.
    double (*held)(const UpdateFacts& facts, const double* moment, int row, int column) = nullptr;
    SourceText words = {};  ///< of a moment or a whole: what it is
    /// In place, x [rows, columns]; scratch as the rule's kernel needs.
    void (*whole)(const Kernels<float>& kernels, int rows, int columns, float* x, float* scratch) = nullptr;

    std::string_view symbol() const { return name.empty() ? label : name; }
};

/// A remark below the lines; `number` fills its %1.
struct UpdateNote {
    SourceText text = {};
    double (*number)(const UpdateFacts&) = nullptr;
    bool (*applies)(const UpdateFacts&) = nullptr;  ///< null: always
};

struct UpdateExplanation {
    std::string_view title;    ///< "AdamW"
    std::string_view formula;  ///< of the new weight
    SourceText text;           ///< what it does in a sentence or two; %1 is the learning rate
    std::span<const UpdateLine> lines;
    UpdateLine after;  ///< "w after"
    std::span<const UpdateNote> notes = {};
};

// ---- how rows write their lines; consteval, so that no object holds code of it
namespace arithmetic {

consteval UpdateOperand line(std::string_view label) {
    return {label};
}
consteval UpdateOperand number(std::string_view symbol, double (*value)(const UpdateFacts&)) {
    return {symbol, value};
}
/// A number of the rule, and what it leaves of 1.
template <const ParameterSpec& spec>
consteval UpdateOperand number(std::string_view symbol) {
    return {symbol, [](const UpdateFacts& f) { return f[spec]; }};
}
template <const ParameterSpec& spec>
consteval UpdateOperand rest(std::string_view symbol) {
    return {symbol, [](const UpdateFacts& f) { return 1.0 - f[spec]; }};
}
consteval UpdateTerm term(UpdateOperand a, UpdateOperand b = {}, UpdateOperand c = {}) {
    return {{a, b, c}};
}
consteval UpdateTerm minus(UpdateOperand a, UpdateOperand b = {}, UpdateOperand c = {}) {
    return {{a, b, c}, true};
}
consteval UpdateLine moment(std::string_view label, int which, SourceText words,
                            double (*held)(const UpdateFacts&, const double*, int, int) = nullptr) {
    return {.is = UpdateLine::Is::moment, .label = label, .terms = {}, .moment = which, .held = held, .words = words};
}
consteval UpdateLine sum(std::string_view label, UpdateTerm a, UpdateTerm b = {}, UpdateTerm c = {}) {
    return {.label = label, .terms = {a, b, c}};
}
consteval UpdateLine quotient(std::string_view label, UpdateTerm dividend, UpdateTerm divisor, const ParameterSpec* epsilon = nullptr) {
    return {.is = UpdateLine::Is::quotient, .label = label, .terms = {dividend, divisor}, .epsilon = epsilon};
}
consteval UpdateLine root(std::string_view label, std::string_view name, UpdateTerm of) {
    return {.is = UpdateLine::Is::root, .label = label, .name = name, .terms = {of}};
}
/// Made of all numbers of an earlier line at once, as `words` say.
consteval UpdateLine whole(std::string_view label, UpdateTerm of, SourceText words,
                           void (*made)(const Kernels<float>&, int, int, float*, float*)) {
    return {.is = UpdateLine::Is::whole, .label = label, .terms = {of}, .words = words, .whole = made};
}

constexpr UpdateOperand w = line("w"), g = line("g, clipped"), step = line("step");
constexpr UpdateOperand rate = number("\u03B7", [](const UpdateFacts& f) { return f.learningRate; });

/// w + step
constexpr UpdateLine plainAfter = {.label = "w after", .name = "w\u2032", .terms = {term(w), term(step)}};

}  // namespace arithmetic
}  // namespace lab

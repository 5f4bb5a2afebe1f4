#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "core/explain/walk.h"

// What the stages' tensors are: their axes by name, with the sizes of the model and input in hand or with typed ones.

namespace lab::explain {

/// What an axis counts, by the letter that the rows of shapes name it by.
struct AxisRow {
    char letter;
    const char* symbol;  ///< as formulas write it: "d_{h}"
    SourceText name;     ///< short; empty: the symbol says it
    SourceText meaning;
};
std::span<const AxisRow> axisRows();
const AxisRow& axisRow(char letter);

/// How long each axis is. In double: typed sizes multiply to more than 64 bits hold.
class AxisSizes {
public:
    double& operator[](char letter) { return m_sizes[static_cast<std::size_t>(letter - 'A')]; }
    double operator[](char letter) const { return m_sizes[static_cast<std::size_t>(letter - 'A')]; }
    bool operator==(const AxisSizes&) const = default;

private:
    std::array<double, 'z' - 'A' + 1> m_sizes{};
};

/// Whether it stays from input to input, and who makes it.
enum class TensorKind { weight, activation, gradient, constant, state, data };
struct TensorKindRow {
    TensorKind kind;
    const char* sign;  ///< before the symbol: tells it without colour
    SourceText name;
    SourceText meaning;
};
std::span<const TensorKindRow> tensorKindRows();
const TensorKindRow& tensorKindRow(TensorKind kind);

/// A tensor of a stage.
struct TensorShape {
    Words symbol;
    Words meaning;
    std::string axes;  ///< "BHTD"
    TensorKind kind = TensorKind::activation;
    const char* joint = "";        ///< of the line, before it: "·"; empty: in the table alone
    bool transposed = false;       ///< in the line its last two axes stand the other way round
    std::string tensor = {};       ///< its name in the trace or among the parameters; empty: neither has it
    const char* type = "float32";  ///< empty: follows from a rule and is not counted

    /// Of the line: transposed where it is.
    std::string lineAxes() const;
    Words lineSymbol() const;
    double elements(const AxisSizes& sizes) const;
    double bytes(const AxisSizes& sizes) const;
};

/// "[B 1, H 4, T 16, d_{h} 16]"
std::string shapeText(std::string_view axes, const AxisSizes& sizes);

struct StageShapes {
    std::string stage;
    Words symbol, heading;
    std::vector<TensorShape> tensors;

    /// "q [..] · k^{T} [..] → s [..]"
    Words line(const AxisSizes& sizes) const;
};

struct Shapes {
    AxisSizes sizes;  ///< of the model and input
    std::vector<StageShapes> stages;
    bool cross = false;    ///< queries and keys are of two sequences
    bool grouped = false;  ///< key-value heads may be fewer than heads
    bool rotates = false;  ///< the channels of a head are turned in pairs
    bool tied = false;     ///< classes are the vocabulary's tokens
    bool learned = false;  ///< there are as many positions as the table has rows
    bool ofSlots = false;  ///< the keys are slots of a bottleneck

    const StageShapes* find(const std::string& stage) const;
};

/// The axes of these tensors that are not known by their symbols, in the order of the rows.
std::vector<const AxisRow*> axesOf(const Shapes& shapes);

/// Of a walk's stages, which `question` was asked of this model with these numbers.
Shapes shapesOf(const Walk& walk, std::shared_ptr<const Model> model, std::shared_ptr<const Weights> weights, const NumberSource& numbers,
                const Question& question);

/// Of the walk of an example, which has no model.
Shapes shapesOf(const Walk& walk);

/// What a person types in place of the model's sizes. The rest follows: d_model = heads * channels.
struct TypedSizes {
    std::int64_t batch = 32;
    std::int64_t heads = 8;
    std::int64_t kvHeads = 8;
    std::int64_t positions = 50;  ///< of the queries
    std::int64_t keys = 50;       ///< where they are of another sequence
    std::int64_t headDim = 64;
    std::int64_t hidden = 1024;
    std::int64_t classes = 1000;

    bool operator==(const TypedSizes&) const = default;
};
constexpr std::int64_t mostTyped = 1'000'000'000;

/// What follows from typed sizes; what is not typed (position tables) stays the model's.
AxisSizes typedAxes(const Shapes& shapes, const TypedSizes& typed);
/// Why there is no such model; empty: there is.
Words typedProblem(const Shapes& shapes, const TypedSizes& typed);
/// What holds between the sizes, in one sentence.
Words sizesRule(const Shapes& shapes);

/// "1 024 bytes", "10.5 MiB"
Message bytesText(double bytes);
/// "4 096", "1.3e+16"
std::string countText(double count);

}  // namespace lab::explain

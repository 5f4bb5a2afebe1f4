#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/explain/walk.h"

// A walk as code: each stage's lines, in the order of the stages one program that computes all of it from a checkpoint.

namespace lab::explain {

/// What the stages are told in.
struct CodeLanguage {
    std::string_view id;       ///< "numpy": what one types, and the folder of its texts
    std::string_view title;    ///< "NumPy"
    std::string_view comment;  ///< what a comment begins with
    bool runs = false;         ///< its stages are a program of their own; else they are cut from this one
    bool derives = false;      ///< finds gradients by itself: the way back asks it for them
};
std::span<const CodeLanguage> codeLanguages();
/// Null when there is none of this name.
const CodeLanguage* findCodeLanguage(std::string_view id);

/// Those whose stages are a program, "numpy|torch".
std::string programLanguages(const std::string& between);

/// What an expression of the code gives, as the walk has it. NaN: nothing to compare.
struct CodeResult {
    std::string expression;  ///< "q[h, i]"
    std::string grid;        ///< of the stage
    std::vector<double> values;
};

struct StageCode {
    std::string stage;
    std::string text;  ///< lines, each with its end; the results stand in comments at the end
    std::vector<CodeResult> results;
};

/// The line, from 0, that makes the number which stands in the stage's formula; -1 where no line names it.
int resultLine(const StageCode& code, const Stage& stage);

struct WalkCode {
    const CodeLanguage* language = nullptr;
    std::string before;  ///< what the first stage needs: imports, the checkpoint, the input, the model's other layers
    std::vector<StageCode> stages;

    const StageCode* find(std::string_view stage) const;
    /// The program from its beginning to this stage; to the end when there is no such stage.
    std::string upTo(std::string_view stage) const;
    /// The whole program, which tells by how much each result differs from the walk's and ends with 1 where one differs by more than
    /// single precision explains.
    std::string script() const;
};

/// What a walk was made of (buildWalk), and the checkpoint that its code is to read.
struct CodeSource {
    std::shared_ptr<const Model> model;
    std::shared_ptr<const Weights> weights;
    NumberSource numbers;
    Question question;
    std::string checkpoint = "checkpoint.safetensors";
};
WalkCode walkCode(const CodeLanguage& language, const Walk& walk, const CodeSource& source);

/// A stage's id without its numbers, by which its lines are found: "d_l_query" of "d_l1_query".
std::string codeKey(std::string_view stage);

}  // namespace lab::explain

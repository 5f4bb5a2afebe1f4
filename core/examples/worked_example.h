#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/data/loaded_task.h"
#include "core/explain/walk.h"
#include "core/model/trace.h"
#include "core/tensor/weights.h"

namespace lab {

/// A small model that comes with the program to be looked at: its weights, made by hand or trained, what it reads, and where one looks.
struct WorkedExample {
    LoadedTask task;
    Weights weights;
    Input input;
};

/// One of them as lists show it: of a file with several inputs there is one for each ("padding", "padding-2", "padding-3").
struct WorkedExampleRow {
    std::string id, name, about;
    std::string place;      ///< where its point is seen: "explain?stage=output"
    std::string_view json;  ///< the file
    std::size_t input = 0;  ///< which of its inputs
};

struct WorkedExampleText {
    std::string_view name, json;
};
/// resources/examples/*.json, compiled in.
const std::vector<WorkedExampleText>& workedExampleTexts();

/// The rows of one file. Throws InputError naming the key that is wrong.
std::vector<WorkedExampleRow> workedExampleRows(const WorkedExampleText& text);
/// All that come with the program, in the order of their files.
const std::vector<WorkedExampleRow>& workedExamples();
/// Null when there is no such example.
const WorkedExampleRow* findWorkedExample(std::string_view id);

/// The example that an experiment is of, by what is said about it; null: of none.
const WorkedExampleRow* exampleOf(const Experiment& experiment);
/// What the example shows, at the stage that its place leads to.
void addAbout(explain::Walk& walk, const WorkedExampleRow& row);

/// The model of a row. Parameters that the file does not give are drawn as those of any new model. Throws InputError naming what is wrong:
/// a parameter that the model has not, or with other numbers than it has, a word that is not in the vocabulary.
WorkedExample makeWorkedExample(const WorkedExampleRow& row);

}  // namespace lab

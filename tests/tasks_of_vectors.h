#pragma once

#include "core/config/experiment.h"

// Tasks of vectors that no program knows: rules and training are tested apart from the tasks that come with it.

namespace lab::testing {

/// Six vectors of four numbers, one of three classes.
inline const TaskSpec& classesOfVectors() {
    static const TaskSpec row{.name = "classes-of-vectors",
                              .title = LAB_TEXT("test", "Classes of vectors"),
                              .help = LAB_TEXT("test", "which class"),
                              .framing = Framing::given,
                              .source = TaskSource::pictures,
                              .input = InputKind::vectors,
                              .readout = Readout::last,
                              .needs = [](const TaskConfig&) {
                                  return TaskNeeds{1, 3, 6, 4};
                              }};
    return row;
}

/// Six vectors of four numbers, two numbers.
inline const TaskSpec& numbersOfVectors() {
    static const TaskSpec row{.name = "numbers-of-vectors",
                              .title = LAB_TEXT("test", "Numbers of vectors"),
                              .help = LAB_TEXT("test", "which numbers"),
                              .framing = Framing::given,
                              .source = TaskSource::functions,
                              .input = InputKind::vectors,
                              .loss = LossKind::squared,
                              .readout = Readout::last,
                              .needs = [](const TaskConfig&) {
                                  return TaskNeeds{1, 2, 6, 4};
                              }};
    return row;
}

inline Experiment experimentOf(const TaskSpec& task) {
    Experiment e;
    e.task.kind = Kind<TaskSpec>(task);
    e.model.output.kind = OutputKind::linear;
    return e;
}

}  // namespace lab::testing

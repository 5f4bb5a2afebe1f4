#include "core/config/field_list.h"

namespace lab {
namespace {

bool asksFunctions(const Experiment& e) {
    return e.task.kind->source == TaskSource::functions;
}

void addFunction(FieldList& list) {
    list.add("task.function", [](auto& e) -> auto& { return e.task.functions.function; },
             {.help = kindHelp<FunctionKind>(LAB_TEXT("help", "What the points lie on, drawn anew for every sample.")),
              .applies = asksFunctions,
              .common = true});
    list.add("task.nonzero", [](auto& e) -> auto& { return e.task.functions.nonzero; },
             {.help = LAB_TEXT("help", "Weights of a sparse function that are not 0."),
              .limits = {1, 1024},
              .applies = [](const Experiment& e) { return asksFunctions(e) && e.task.functions.function == FunctionKind::sparse; }});
    list.add("task.hidden", [](auto& e) -> auto& { return e.task.functions.hidden; },
             {.help = LAB_TEXT("help", "Units of a relu function."), .limits = {1, 1024}, .applies = [](const Experiment& e) {
                  return asksFunctions(e) && e.task.functions.function == FunctionKind::relu;
              }});
    list.add("task.points", [](auto& e) -> auto& { return e.task.functions.points; },
             {.help = LAB_TEXT("help", "Points (x, y) that stand before the last x."),
              .limits = {1, 1000},
              .applies = asksFunctions,
              .common = true});
    list.add("task.dimensions", [](auto& e) -> auto& { return e.task.functions.dimensions; },
             {.help = LAB_TEXT("help", "Numbers of an x, and weights of a function."),
              .limits = {1, 1024},
              .applies = asksFunctions,
              .common = true});
    list.add("task.layout", [](auto& e) -> auto& { return e.task.functions.layout; },
             {.help = kindHelp<PromptLayout>(LAB_TEXT("help", "How points become vectors.")), .applies = asksFunctions, .common = true});
}

void addDraws(FieldList& list) {
    list.add("task.inputs", [](auto& e) -> auto& { return e.task.functions.inputs; },
             {.help = kindHelp<InputDraw>(LAB_TEXT("help", "How the numbers of an x are drawn.")), .applies = asksFunctions});
    list.add("task.input_scale", [](auto& e) -> auto& { return e.task.functions.input_scale; },
             {.help = LAB_TEXT("help", "Width of uniform x, standard deviation of normal x."),
              .limits = {0, 1000, true},
              .applies = asksFunctions});
    list.add("task.weight_scale", [](auto& e) -> auto& { return e.task.functions.weight_scale; },
             {.help = LAB_TEXT("help", "Standard deviation of a function's weights (of a relu function those behind its units)."),
              .limits = {0, 1000, true},
              .applies = asksFunctions});
    list.add("task.noise", [](auto& e) -> auto& { return e.task.functions.noise; },
             {.help = LAB_TEXT("help",
                               "Standard deviation of what is added to the y of every point. What is asked is the function's value "
                               "without it."),
              .limits = {0, 1000},
              .applies = asksFunctions});
}

}  // namespace

void addFunctionFields(FieldList& list) {
    addFunction(list);
    addDraws(list);
}

}  // namespace lab

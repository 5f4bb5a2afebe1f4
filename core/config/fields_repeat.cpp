#include "core/config/field_list.h"

namespace lab {

void addRepeatFields(FieldList& list) {
    list.add("task.period", [](auto& e) -> auto& { return e.task.repeat.period; },
             {.help = kindHelp<RepeatPeriod>(LAB_TEXT("help", "How long the block of repeat is.")),
              .applies = [](const Experiment& e) { return e.task.kind == "repeat"; },
              .common = true,
              .label = "period"});
}

}  // namespace lab

#include "ui/window/part_table.h"

#include "ui/text/message_text.h"

namespace lab {

const std::vector<PartRow>& partTable() {
    using enum PartGroup;
    static const std::vector<PartRow> table = {
        {"train", transport, LAB_TEXT("parts", "Train, Pause"), {"window.transport.train"}},
        {"preset", transport, LAB_TEXT("parts", "Preset"), {"window.transport.preset"}, {"preset."}},
        {"step", transport, LAB_TEXT("parts", "Step, Reset"), {"window.transport.step", "window.transport.reset"}},
        {"pace", transport, LAB_TEXT("parts", "Speed"), {"window.transport.pace"}},
        {"loss", transport, LAB_TEXT("parts", "Loss, validation"), {"window.transport.loss", "window.transport.accuracy"}},
        {"meters",
         transport,
         LAB_TEXT("parts", "More meters"),
         {"window.transport.whole", "window.transport.tokens", "window.transport.left"}},
        {"page.train", pages, {}, {"window.rail.train"}},
        {"page.maps", pages, {}, {"window.rail.maps"}},
        {"page.explain", pages, {}, {"window.rail.explain"}},
        {"page.positions", pages, {}, {"window.rail.positions"}},
        {"page.stream", pages, {}, {"window.rail.stream"}},
        {"page.text", pages, {}, {"window.rail.text"}},
        {"page.compare", pages, {}, {"window.rail.compare"}, {"compare."}},
        {"page.sweeps", pages, {}, {"window.rail.sweeps", "file.sweeps"}, {"sweep."}},
        {"page.memory", pages, {}, {"window.rail.memory"}, {"memory."}},
        {"page.incontext", pages, {}, {"window.rail.incontext"}},
        {"page.codes", pages, {}, {"window.rail.codes"}},
        {"experiment", window, LAB_TEXT("parts", "Experiment"), {"window.settings"}, {"panel.toggle", "compare.duplicate"}},
        {"input", window, LAB_TEXT("parts", "Input, shown"), {"window.input"}, {"input."}},
        {"input.change",
         window,
         LAB_TEXT("parts", "Input, changing"),
         {"window.input.type", "window.input.shuffle", "window.input.write", "window.input.mask", "window.input.compare",
          "window.input.likely"},
         {"input.type", "input.shuffle", "input.write", "input.mask", "input.compare", "input.likely"}},
        {"timeline", window, LAB_TEXT("parts", "Timeline"), {"window.timeline"}, {"time."}},
        {"exports", window, LAB_TEXT("parts", "Exports"), {"*.header.export"}, {"page.export"}},
        {"lesson.text", window, LAB_TEXT("parts", "Lesson text"), {"lesson.panel"}},
        {"lessons", window, LAB_TEXT("parts", "List of lessons"), {"window.transport.lessons"}, {"lessons.show"}},
        {"questions", window, LAB_TEXT("parts", "Questions"), {}, {"help.ask", "help.back"}},
    };
    return table;
}

const std::vector<PartSet>& partSets() {
    static const std::vector<PartSet> sets = {
        {"all", LAB_TEXT("parts", "All"), {}},
        // One picture and what it says: nothing that an unwatched key could change.
        {"lecture",
         LAB_TEXT("parts", "Lecture"),
         {"preset", "step", "pace", "meters", "page.positions", "page.stream", "page.text", "page.compare", "page.sweeps", "page.memory",
          "page.incontext", "page.codes", "experiment", "input.change", "exports", "lesson.text", "lessons"}},
        // The experiment that the sheet is about, with everything that belongs to it.
        {"lab", LAB_TEXT("parts", "Lab"), {"preset", "page.compare", "page.sweeps", "page.memory", "page.incontext", "page.codes"}},
        // Nothing that writes the answers out.
        {"exam",
         LAB_TEXT("parts", "Exam"),
         {"preset", "page.explain", "page.stream", "page.text", "page.compare", "page.sweeps", "page.memory", "page.incontext",
          "page.codes", "lesson.text", "lessons", "questions"}},
    };
    return sets;
}

QString titleOf(PartGroup group) {
    switch (group) {
        case PartGroup::transport:
            return shown(Message(LAB_TEXT("parts", "Transport")));
        case PartGroup::pages:
            return shown(Message(LAB_TEXT("parts", "Pages")));
        case PartGroup::window:
            break;
    }
    return shown(Message(LAB_TEXT("parts", "Window")));
}

}  // namespace lab

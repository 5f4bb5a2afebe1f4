#include "ui/window/action_table.h"

#include <algorithm>

#include "ui/text/message_text.h"

namespace lab {
namespace {

constexpr SourceText training = LAB_TEXT("actions", "Training");
constexpr SourceText input = LAB_TEXT("actions", "Input");
constexpr SourceText view = LAB_TEXT("actions", "View");
constexpr SourceText pages = LAB_TEXT("actions", "Pages");
constexpr SourceText files = LAB_TEXT("actions", "Files");
constexpr SourceText comparing = LAB_TEXT("actions", "Comparing");
constexpr SourceText sweeps = LAB_TEXT("actions", "Sweeps");

}  // namespace

const std::vector<ActionRow>& actionTable() {
    static const std::vector<ActionRow> table = {
        {"train.toggle", training, LAB_TEXT("actions", "Train or pause"), "Space"},
        {"train.step", training, LAB_TEXT("actions", "One step"), "."},
        {"train.reset", training, LAB_TEXT("actions", "Reset to the same initial weights"), "Ctrl+R"},
        {"time.follow", training, LAB_TEXT("actions", "Follow the training live"), "F"},
        {"time.pin", training, LAB_TEXT("actions", "Pin the step shown, or remove its pin"), "P"},
        {"time.name", training, LAB_TEXT("actions", "Name the pin of the step shown"), "Shift+P"},
        {"time.play", training, LAB_TEXT("actions", "Run through the kept steps"), "Shift+Space"},
        {"time.continue", training, LAB_TEXT("actions", "Continue from the step shown as a new run"), "B"},
        {"run.experiments", training, LAB_TEXT("actions", "E&xperiments with the run shown\u2026")},
        {"run.compress", training, LAB_TEXT("actions", "Quantise and &prune the run shown\u2026")},

        {"input.previous", input, LAB_TEXT("actions", "Previous sample"), "Ctrl+Left"},
        {"input.next", input, LAB_TEXT("actions", "Next sample"), "Ctrl+Right"},
        {"input.type", input, LAB_TEXT("actions", "Type or paste an input"), "Ctrl+I"},
        {"input.shuffle", input, LAB_TEXT("actions", "Another sample, at random")},
        {"input.mask", input, LAB_TEXT("actions", "Mask the token with the ring, or see it again"), "Ctrl+M"},
        {"input.compare", input, LAB_TEXT("actions", "Keep this input to compare others with"), "Ctrl+Shift+K"},
        {"input.likely", input, LAB_TEXT("actions", "The likeliest tokens at a position"), "Ctrl+L"},
        {"input.write", input, LAB_TEXT("actions", "Write a decoder's answer out, or go on with its text"), "W"},

        {"panel.toggle", view, LAB_TEXT("actions", "Experiment panel"), "F4"},
        {"view.larger", view, LAB_TEXT("actions", "Everything larger"), "Ctrl++; Ctrl+="},
        {"view.smaller", view, LAB_TEXT("actions", "Everything smaller"), "Ctrl+-"},
        {"view.cycle", view, LAB_TEXT("actions", "Next size")},
        {"view.split", view, LAB_TEXT("actions", "Show the page for two runs beside each other"), "Ctrl+B"},
        {"view.present", view, LAB_TEXT("actions", "Presenter mode: one large picture"), "F5"},
        {"page.export", view, LAB_TEXT("actions", "Export what the page draws"), "Ctrl+E"},
        {"memory.see", view, LAB_TEXT("actions", "See the head shown as a memory"), "Ctrl+H"},
        {"jobs.show", view, LAB_TEXT("actions", "Analyses under way"), "Ctrl+J"},
        {"lessons.show", view, LAB_TEXT("actions", "Lessons"), "F2"},
        {"guide.show", view, LAB_TEXT("actions", "What to look for in the model that is open")},
        {"help.start", view, LAB_TEXT("actions", "Start page"), "Shift+F2"},
        {"lessons.write", view, LAB_TEXT("actions", "Write a lesson")},
        {"lessons.pin", view, LAB_TEXT("actions", "Pin the lesson that is open, or let it go")},
        {"view.parts", view, LAB_TEXT("actions", "Hide controls"), "Ctrl+Shift+T"},
        {"help.shortcuts", view, LAB_TEXT("actions", "Keyboard shortcuts"), "F1"},
        {"help.ask", view, LAB_TEXT("actions", "Ask: questions, commands, presets, settings"), "Ctrl+K; Ctrl+Shift+P"},
        {"help.back", view, LAB_TEXT("actions", "Back to what was looked at before an answer"), "Alt+Home"},
        {"help.user", view, LAB_TEXT("actions", "User guide")},
        {"help.teacher", view, LAB_TEXT("actions", "Teacher's guide")},
        {"help.researcher", view, LAB_TEXT("actions", "Researcher's guide")},
        {"help.formats", view, LAB_TEXT("actions", "Formats and commands"), "Shift+F1"},
        {"help.http", view, LAB_TEXT("actions", "The program over HTTP")},
        {"theme.system", view, LAB_TEXT("actions", "As the &system")},
        {"theme.light", view, LAB_TEXT("actions", "&Light")},
        {"theme.dark", view, LAB_TEXT("actions", "&Dark")},

        {"file.new", files, LAB_TEXT("actions", "&New"), "Ctrl+N"},
        {"file.open", files, LAB_TEXT("actions", "&Open\u2026"), "Ctrl+O"},
        {"file.open_model", files, LAB_TEXT("actions", "Open a model folder\u2026")},
        {"file.open_beside", files, LAB_TEXT("actions", "Open beside what is open\u2026")},
        {"file.text", files, LAB_TEXT("actions", "Train on a &text\u2026"), "Ctrl+Shift+X"},
        {"file.own", files, LAB_TEXT("actions", "O&wn data\u2026"), "Ctrl+Shift+O"},
        {"file.back", files, LAB_TEXT("actions", "&Back to the run before"), "Ctrl+Z"},
        {"file.save", files, LAB_TEXT("actions", "&Save"), "Ctrl+S"},
        {"file.save_as", files, LAB_TEXT("actions", "Save &as\u2026"), "Ctrl+Shift+S"},
        {"file.save_best", files, LAB_TEXT("actions", "Save the step of the lowest &validation loss\u2026")},
        {"file.save_adapters", files, LAB_TEXT("actions", "Save the a&dapters\u2026")},
        {"file.save_merged", files, LAB_TEXT("actions", "Save the &merged model\u2026")},
        {"file.save_session", files, LAB_TEXT("actions", "Save s&ession\u2026")},
        {"session.restore", files, LAB_TEXT("actions", "Restore the &last session"), "Ctrl+Shift+R"},
        {"session.before", files, LAB_TEXT("actions", "Restore the session &before it")},
        {"session.fresh", files, LAB_TEXT("actions", "Start &fresh"), "Ctrl+Shift+N"},
        {"session.serve", files, LAB_TEXT("actions", "Ser&ve this session\u2026")},
        {"help.about", files, LAB_TEXT("actions", "A&bout Attention Lab")},
        {"file.quit", files, LAB_TEXT("actions", "&Quit"), "Ctrl+Q"},

        {"compare.duplicate", comparing, LAB_TEXT("actions", "Duplicate the run shown with a change"), "Ctrl+D"},
        {"compare.toggle_all", comparing, LAB_TEXT("actions", "Train or pause all runs"), "Ctrl+Space"},
        {"compare.remove", comparing, LAB_TEXT("actions", "Remove the run shown")},

        {"sweep.new", sweeps, LAB_TEXT("actions", "&New sweep\u2026"), "Ctrl+G"},
        {"sweep.open", sweeps, LAB_TEXT("actions", "&Open a grid or results\u2026")},
        {"sweep.stop", sweeps, LAB_TEXT("actions", "&Stop the sweep")},
        {"sweep.resume", sweeps, LAB_TEXT("actions", "&Go on with the sweep")},
        {"sweep.open_run", sweeps, LAB_TEXT("actions", "Open the chosen row as a &run")},
        {"sweep.filter", sweeps, LAB_TEXT("actions", "&Filter the rows"), "Ctrl+F"},
        {"sweep.report", sweeps, LAB_TEXT("actions", "&Report\u2026")},
    };
    return table;
}

const ActionRow* findActionRow(const QString& id) {
    const auto& table = actionTable();
    const auto found = std::ranges::find_if(table, [&id](const ActionRow& row) { return id == QLatin1String(row.id); });
    return found == table.end() ? nullptr : &*found;
}

QString groupOf(const ActionRow& row) {
    return shown(Message(row.group));
}
QString textOf(const ActionRow& row) {
    return shown(Message(row.text));
}
QList<QKeySequence> keysOf(const ActionRow& row) {
    if (!*row.keys) return {};
    return QKeySequence::listFromString(QLatin1String(row.keys), QKeySequence::PortableText);
}

QStringList actionGroups() {
    QStringList groups;
    for (const SourceText& group : {training, input, view, pages, files, comparing, sweeps}) groups += shown(Message(group));
    return groups;
}
QString pagesGroup() {
    return shown(Message(pages));
}
QString viewGroup() {
    return shown(Message(view));
}
QString comparingGroup() {
    return shown(Message(comparing));
}
QString sweepsGroup() {
    return shown(Message(sweeps));
}

}  // namespace lab

#include "app/commands/manual.h"

#include "app/commands/help.h"
#include "core/base/version.h"
#include "core/config/visitor.h"

namespace lab {
namespace {

/// Text as roff prints it: no hyphen for a minus, and no request where a line begins with a point or an apostrophe.
std::string plain(const std::string& text) {
    std::string result;
    for (const char letter : text) {
        const bool begins = result.empty() || result.back() == '\n';
        if (begins && (letter == '.' || letter == '\'')) result += "\\&";
        if (letter == '\\')
            result += "\\e";
        else if (letter == '-')
            result += "\\-";
        else
            result += letter;
    }
    return result;
}

std::string bold(const std::string& text) {
    return "\\fB" + plain(text) + "\\fR";
}

std::string section(const std::string& title) {
    return ".SH " + title + "\n";
}

std::string entry(const std::string& name, const std::string& meaning) {
    return ".TP\n" + name + "\n" + plain(meaning) + "\n";
}

std::string list(const std::vector<Described>& entries) {
    std::string text;
    for (const auto& [name, meaning] : entries) text += entry(bold(name), meaning);
    return text;
}

/// Without --help, which every command has.
std::string list(const std::vector<Option>& options) {
    std::string text;
    for (const Option& option : options) {
        if (option.name == "--help") continue;
        const std::string value = option.placeholder.empty() ? "" : " \\fI" + plain(option.placeholder) + "\\fR";
        text += entry(bold(option.name) + value, option.help);
    }
    return text;
}

std::string usage(const std::string& words) {
    return "\\fBattention\\-lab\\fR" + (words.empty() ? "" : " " + plain(words)) + "\n.br\n";
}

std::string partOf(const Command& command) {
    std::string text = ".SS " + plain(command.name) + "\n" + plain(command.summary) + "\n.PP\n";
    for (const std::string& synopsis : command.synopses) text += usage(command.name + (synopsis.empty() ? "" : " ") + synopsis);
    text += list(command.options);
    if (command.takesExperiment) text += ".PP\nTakes the presets and keys that are listed below.\n";
    if (!command.notes.empty()) text += ".PP\n" + plain(command.notes) + "\n";
    return text;
}

std::string keys() {
    std::string text = "For \\fB\\-\\-set\\fR \\fIKEY\\fR=\\fIVALUE\\fR and in the JSON file.\n";
    for (const FieldInfo& field : fieldTable()) text += entry(bold(field.path) + " (" + plain(valuesOf(field)) + ")", field.help.english());
    return text;
}

}  // namespace

std::string manualPage() {
    std::string page = std::string(".TH ATTENTION\\-LAB 1 \"\" \"Attention Lab ") + programVersion() + "\" \"User Commands\"\n";
    page += section("NAME") + "attention\\-lab \\- train small transformers and see how their attention forms\n" + section("SYNOPSIS");
    for (const Described& way : programUsages()) page += usage(way.name);
    page += section("DESCRIPTION") + plain(programSummary()) + "\n";
    page += list(programUsages()) + section("OPTIONS") + list(programOptions()) + section("COMMANDS");
    page += "Every command also takes \\fB\\-\\-help\\fR, and shows what stands here of it.\n";
    for (const Command& command : allCommands()) page += partOf(command);
    page += section("PRESETS") + list(namedExperiments());
    page += ".SS On a text of your own, with \\-\\-set task.path=FILE\n" + list(namedRecipes());
    page += section("KEYS OF AN EXPERIMENT") + keys();
    page += section("ENVIRONMENT") + list(environmentVariables());
    page += section("EXIT STATUS") + list(exitStatuses());
    return page;
}

}  // namespace lab

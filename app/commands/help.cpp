#include "app/commands/help.h"

#include <algorithm>

#include "core/config/experiment.h"
#include "core/config/experiment_json.h"
#include "core/config/presets.h"
#include "core/config/visitor.h"
#include "core/data/text_recipes.h"

namespace lab {
namespace {

constexpr std::size_t lineWidth = 100;

std::string padded(std::string text, std::size_t width) {
    text.resize(std::max(text.size(), width), ' ');
    return text;
}

/// Words of `text` in lines, each after the first line indented.
std::string wrapped(const std::string& text, std::size_t indent) {
    std::string result;
    std::size_t column = indent;
    for (std::size_t begin = 0; begin < text.size();) {
        const std::size_t end = std::min(text.find(' ', begin), text.size());
        if (column > indent && column + end - begin + 1 > lineWidth) {
            result.append(1, '\n').append(indent, ' ');
            column = indent;
        } else if (column > indent) {
            result += ' ';
            ++column;
        }
        result.append(text, begin, end - begin);
        column += end - begin;
        begin = end + 1;
    }
    return result;
}

std::string entry(const std::string& name, const std::string& text, std::size_t column) {
    std::string line = padded("  " + name, column);
    if (line.size() > column || line.back() != ' ') line.append(1, '\n').append(column, ' ');
    return line.append(wrapped(text, column)).append(1, '\n');
}

std::string optionHelp(const std::vector<Option>& options) {
    std::string help;
    for (const Option& option : options) {
        std::string name = option.name;
        if (!option.placeholder.empty()) name.append(1, ' ').append(option.placeholder);
        help += entry(name, option.help, 26);
    }
    return help;
}

std::string presetHelp() {
    std::string help = "\npresets:\n";
    for (const auto& [name, about] : namedExperiments()) help += entry(name, about, 22);
    help += "\non a text of your own, with --set task.path=FILE:\n";
    for (const auto& [name, about] : namedRecipes()) help += entry(name, about, 22);
    return help;
}

std::string keyHelp() {
    std::string help = "\nKeys of the experiment, for --set KEY=VALUE and in the JSON file:\n";
    for (const FieldInfo& field : fieldTable())
        help.append("\n  ")
            .append(field.path)
            .append("  (")
            .append(valuesOf(field))
            .append(")\n      ")
            .append(wrapped(field.help.english(), 6))
            .append(1, '\n');
    return help;
}

}  // namespace

std::string programSummary() {
    return "Attention Lab trains small transformers and shows how their attention forms.";
}

std::vector<Described> programUsages() {
    return {{"[FILE]", "open the window, with an experiment, a checkpoint, a session, a lesson, a grid or results"},
            {"COMMAND ...", "work without the window"}};
}

std::vector<Option> programOptions() {
    return {
        {"--help", "", "this text; 'attention-lab COMMAND --help' says everything about a command"},
        {"--version", "", "version, instruction set and libraries"},
        {"--lesson", "FILE|ID", "open the window with a lesson"},
        {"--no-start", "", "the window without the start page, this time"},
        {"--man", "", "all of this as a manual page: attention-lab --man | man -l -"},
        {"--completion", "", "what completes commands and options in bash: . <(attention-lab --completion)"},
    };
}

std::vector<Described> exitStatuses() {
    return {{std::to_string(exitDone), "done"},
            {std::to_string(exitFailed), "failed"},
            {std::to_string(exitUsage), "wrong usage"},
            {std::to_string(exitInterrupted), "interrupted (after saving)"}};
}

std::vector<Described> environmentVariables() {
    return {{"ATTENTION_LAB_ISA", "the kernels to compute with, generic, v3 or v4, in place of the best that the processor has"},
            {"ATTENTION_LAB_LANGUAGE", "the window's language, en or de, before the menu's choice and the system's"},
            {"ATTENTION_LAB_TRANSLATIONS", "a folder with further languages, attention-lab_CODE.qm"},
            {"ATTENTION_LAB_AUTOSAVE_SECONDS", "how often the window keeps its session for the next start"},
            {"OMP_WAIT_POLICY", "active or passive: how the threads of a step wait for each other"}};
}

std::vector<Described> namedExperiments() {
    std::vector<Described> named;
    for (const Preset& preset : presets()) named.push_back({std::string(preset.name), parseExperiment(preset.json).about});
    return named;
}

std::vector<Described> namedRecipes() {
    std::vector<Described> named;
    for (const TextRecipe* recipe : recipesByEffort()) named.push_back({std::string(recipe->name), parseExperiment(recipe->json).about});
    return named;
}

std::string valuesOf(const FieldInfo& field) {
    std::string text;
    for (const std::string& choice : field.choices) text.append(text.empty() ? "" : " | ").append(choice);
    if (field.choices.empty()) {
        text = Message(kindText(field.kind)).english();
        if (const std::string limits = field.limits.text().english(); !limits.empty()) text.append(", ").append(limits);
    }
    if (const std::string standard = field.defaultText(); !standard.empty())
        text.append("; default ").append(standard);
    else if (field.presence == Presence::derived)
        text.append("; derived when absent");
    return text;
}

std::string programHelp() {
    std::string help = programSummary() + "\n\n";
    for (const auto& [words, meaning] : programUsages())
        help.append(help.ends_with("\n\n") ? "usage: " : "       ")
            .append(padded("attention-lab " + words, 28))
            .append(meaning)
            .append(1, '\n');
    help += "\ncommands:\n";
    for (const Command& command : allCommands()) help += entry(command.name, command.summary, 12);
    help += "\noptions:\n" + optionHelp(programOptions()) + "\nenvironment:\n";
    for (const auto& [name, meaning] : environmentVariables()) help += entry(name, meaning, 34);
    std::string statuses;
    for (const auto& [status, meaning] : exitStatuses()) statuses.append(statuses.empty() ? "" : ", ").append(status + " " + meaning);
    return help + "\nexit status: " + statuses + "\n";
}

std::string commandHelp(const Command& command) {
    std::string help = command.summary + "\n\n";
    for (const std::string& synopsis : command.synopses)
        help.append(help.find("usage:") == std::string::npos ? "usage: " : "       ")
            .append("attention-lab ")
            .append(command.name)
            .append(1, ' ')
            .append(synopsis)
            .append(1, '\n');
    help.append("\noptions:\n").append(optionHelp(command.options));
    if (!command.notes.empty()) help.append(1, '\n').append(command.notes).append(1, '\n');
    if (command.takesExperiment) help += presetHelp() + keyHelp();
    return help;
}

}  // namespace lab

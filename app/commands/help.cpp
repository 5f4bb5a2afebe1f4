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

/// What a key takes: its choices, or its kind with limits.
std::string valuesOf(const FieldInfo& field) {
    if (field.choices.empty()) {
        std::string text = Message(kindText(field.kind)).english();
        if (const std::string limits = field.limits.text().english(); !limits.empty()) text.append(", ").append(limits);
        return text;
    }
    std::string text;
    for (const std::string& choice : field.choices) {
        if (!text.empty()) text += " | ";
        text += choice;
    }
    return text;
}

std::string presetHelp() {
    std::string help = "\npresets:\n";
    for (const Preset& preset : presets()) help += entry(std::string(preset.name), parseExperiment(preset.json).about, 22);
    help += "\non a text of your own, with --set task.path=FILE:\n";
    for (const TextRecipe* recipe : recipesByEffort()) help += entry(std::string(recipe->name), parseExperiment(recipe->json).about, 22);
    return help;
}

std::string keyHelp() {
    std::string help = "\nKeys of the experiment, for --set KEY=VALUE and in the JSON file:\n";
    for (const FieldInfo& field : fieldTable()) {
        help.append("\n  ").append(field.path).append("  (").append(valuesOf(field));
        if (const std::string text = field.defaultText(); !text.empty())
            help.append("; default ").append(text);
        else if (field.presence == Presence::derived)
            help.append("; derived when absent");
        help.append(")\n      ").append(wrapped(field.help.english(), 6)).append(1, '\n');
    }
    return help;
}

}  // namespace

std::string programHelp() {
    std::string help =
        "Attention Lab trains small transformers and shows how their attention forms.\n"
        "\n"
        "usage: attention-lab [FILE]            open the window, with an experiment, a checkpoint, a grid or results\n"
        "       attention-lab --lesson FILE|ID  open the window with a lesson\n"
        "       attention-lab COMMAND ...       work without the window\n"
        "\n"
        "commands:\n";
    for (const Command& command : allCommands()) help += entry(command.name, command.summary, 12);
    return help +
           "\n"
           "options:\n"
           "  --help      this text; 'attention-lab COMMAND --help' says everything about a command\n"
           "  --version   version, instruction set and libraries\n"
           "  --no-start  the window without the start page, this time\n"
           "\n"
           "exit status: 0 done, 1 failed, 2 wrong usage, 130 interrupted (after saving)\n";
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

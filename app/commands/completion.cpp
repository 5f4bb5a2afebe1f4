#include "app/commands/completion.h"

#include "app/commands/help.h"
#include "core/config/visitor.h"

namespace lab {
namespace {

std::string joined(const std::vector<std::string>& words) {
    std::string text;
    for (const std::string& word : words) text.append(text.empty() ? "" : " ").append(word);
    return text;
}

std::string namesOf(const std::vector<Option>& options) {
    std::vector<std::string> names;
    for (const Option& option : options) names.push_back(option.name);
    return joined(names);
}

std::string namesOf(const std::vector<Described>& described) {
    std::vector<std::string> names;
    for (const Described& each : described) names.push_back(each.name);
    return joined(names);
}

/// A branch of bash's `case`: the variable is these words.
std::string branch(const std::string& name, const std::string& variable, const std::string& words) {
    return "        " + name + ") " + variable + "='" + words + "' ;;\n";
}

std::string optionBranches() {
    std::string text;
    for (const Command& command : allCommands()) text += branch(command.name, "options", namesOf(command.options));
    return text;
}

std::string experimentBranch() {
    std::string names;
    for (const Command& command : allCommands())
        if (command.takesExperiment) names.append(names.empty() ? "" : "|").append(command.name);
    return branch(names, "names", namesOf(namedExperiments()));
}

std::string keyList() {
    std::vector<std::string> keys;
    for (const FieldInfo& field : fieldTable()) keys.push_back(field.path + "=");
    return joined(keys);
}

std::string valueBranches() {
    std::string text;
    for (const FieldInfo& field : fieldTable()) {
        const bool isSwitch = field.kind == FieldKind::boolean;
        if (isSwitch || !field.choices.empty()) text += branch(field.path, "names", isSwitch ? "true false" : joined(field.choices));
    }
    return text;
}

}  // namespace

std::string bashCompletion() {
    std::vector<std::string> commands;
    for (const Command& command : allCommands()) commands.push_back(command.name);
    // An equals sign is a word of its own in COMP_WORDS: --set model.d_model = 64.
    return "# bash completion of attention-lab, written by: attention-lab --completion\n"
           "_attention_lab() {\n"
           "    local at=$COMP_CWORD current=${COMP_WORDS[COMP_CWORD]} options='' names='' key=''\n"
           "    [[ $current == = ]] && current='' && at=$((at + 1))\n"
           "    [[ ${COMP_WORDS[at - 1]} == = && ${COMP_WORDS[at - 3]} == --set ]] && key=${COMP_WORDS[at - 2]}\n"
           "    case ${COMP_WORDS[1]} in\n" +
           optionBranches() +
           "    esac\n"
           "    case ${COMP_WORDS[1]} in\n" +
           experimentBranch() +
           "    esac\n"
           "    if ((COMP_CWORD == 1)); then\n"
           "        options='" +
           namesOf(programOptions()) + "'\n        names='" + joined(commands) +
           "'\n"
           "    elif [[ $key ]]; then\n"
           "        names=''\n"
           "        case $key in\n" +
           valueBranches() +
           "        esac\n"
           "    elif [[ ${COMP_WORDS[at - 1]} == --set ]]; then\n"
           "        compopt -o nospace\n"
           "        names='" +
           keyList() +
           "'\n"
           "    elif [[ ${COMP_WORDS[at - 1]} == -* || ${COMP_WORDS[at - 1]} == = ]]; then\n"
           "        names=''\n"
           "    fi\n"
           "    [[ $current == -* ]] && names=$options\n"
           "    mapfile -t COMPREPLY < <(compgen -W \"$names\" -- \"$current\")\n"
           "}\n"
           "complete -o default -F _attention_lab attention-lab\n";
}

}  // namespace lab

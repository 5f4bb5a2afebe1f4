#include "app/commands/command.h"

namespace lab {

std::vector<Command> allCommands() {
    return {trainCommand(), traceCommand(), generateCommand(), renderCommand(),   explainCommand(),   experimentCommand(), benchCommand(),
            sweepCommand(), mergeCommand(), reportCommand(),   tokenizeCommand(), tokenizerCommand(), quantizeCommand(),   pruneCommand()};
}

}  // namespace lab

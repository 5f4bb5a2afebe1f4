#include "app/commands/command.h"

namespace lab {

std::vector<Command> allCommands() {
    return {trainCommand(),      traceCommand(),     generateCommand(), evaluateCommand(), renderCommand(), explainCommand(),
            experimentCommand(), benchCommand(),     sweepCommand(),    mergeCommand(),    reportCommand(), dataCommand(),
            tokenizeCommand(),   tokenizerCommand(), quantizeCommand(), pruneCommand()};
}

}  // namespace lab

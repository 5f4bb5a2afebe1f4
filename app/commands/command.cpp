#include "app/commands/command.h"

namespace lab {

Option noCacheOption() {
    return {"--no-cache", "", "cut a long text into tokens anew, and keep nothing of it for the next time", false};
}

std::vector<Command> allCommands() {
    return {
        // clang-format off
        trainCommand(),
        traceCommand(),
        lensCommand(),
        attributeCommand(),
        patchCommand(),
        circuitsCommand(),
        metricsCommand(),
        generateCommand(),
        evaluateCommand(),
        renderCommand(),
        explainCommand(),
        experimentCommand(),
        benchCommand(),
        costCommand(),
        sweepCommand(),
        mergeCommand(),
        reportCommand(),
        dataCommand(),
        tokenizeCommand(),
        tokenizerCommand(),
        quantizeCommand(),
        pruneCommand(),
        adaptersCommand(),
        hopfieldCommand(),
        inContextCommand(),
        goedelCommand(),
        codeCommand(),
        headsCommand(),
        similarityCommand(),
        serveCommand(),
        lessonCommand(),
        guideCommand(),
        // clang-format on
    };
}

}  // namespace lab

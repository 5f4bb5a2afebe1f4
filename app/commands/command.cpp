#include "app/commands/command.h"

namespace lab {

Option noCacheOption() {
    return {
        // clang-format off
        trainCommand(),
        traceCommand(),
        lensCommand(),
        attributeCommand(),
        patchCommand(),
        circuitsCommand(),
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
        serveCommand(),
        lessonCommand(),
        // clang-format on
    };
}

}  // namespace lab

#pragma once

#include <string>
#include <vector>

#include "app/commands/arguments.h"

namespace lab {

/// Exit statuses (FORMATS.md 8).
constexpr int exitDone = 0;
constexpr int exitFailed = 1;
constexpr int exitUsage = 2;
constexpr int exitInterrupted = 130;

/// One word of the command line: attention-lab NAME ...
struct Command {
    std::string name;
    std::string summary;                ///< one line for the list of commands
    std::vector<std::string> synopses;  ///< what follows the name, one line for each way to call it
    std::vector<Option> options;
    std::string notes;             ///< more help, paragraphs; may be empty
    bool takesExperiment = false;  ///< the help ends with the presets and the keys for --set
    int (*run)(const Arguments&) = nullptr;
};

/// "--no-cache", of commands that may read a long text.
Option noCacheOption();

// Adding a command is one file with its function and one line in allCommands().
Command trainCommand();
Command traceCommand();
Command lensCommand();
Command attributeCommand();
Command patchCommand();
Command circuitsCommand();
Command metricsCommand();
Command generateCommand();
Command evaluateCommand();
Command renderCommand();
Command explainCommand();
Command experimentCommand();
Command benchCommand();
Command costCommand();
Command quantizeCommand();
Command pruneCommand();
Command adaptersCommand();
Command sweepCommand();
Command mergeCommand();
Command reportCommand();
Command dataCommand();
Command tokenizeCommand();
Command tokenizerCommand();
Command hopfieldCommand();
Command inContextCommand();
Command goedelCommand();
Command codeCommand();
Command headsCommand();
Command similarityCommand();
Command serveCommand();
Command lessonCommand();
Command guideCommand();

std::vector<Command> allCommands();

}  // namespace lab

#include "core/config/task_frame.h"

#include "core/tasks/task_config.h"

namespace lab {

TaskFrame frameOf(const TaskConfig& task, Architecture architecture) {
    switch (task.kind->framing) {
        case Framing::nextToken:
            return {Reading::nextToken, std::nullopt};
        case Framing::given:
            return {Reading::given, std::nullopt};
        case Framing::answered:
            break;
    }
    switch (architecture) {
        case Architecture::decoder:
            return {Reading::joined, task.vocab_size};
        case Architecture::encoder_decoder:
            return {Reading::twoSided, task.vocab_size};
        case Architecture::encoder:
            break;
    }
    return {Reading::inPlace, std::nullopt};
}

}  // namespace lab

#include "core/base/errors.h"

#include <utility>

#include "core/base/memory_error.h"

namespace lab {
namespace {

Message divergence(std::int64_t step, Message tensor) {
    return Message(LAB_TEXT("training", "Step %1: %2 is not finite.")).arg(step).arg(std::move(tensor));
}

}  // namespace

InputError::InputError(Message sentence)
    : std::runtime_error(sentence.english()), m_message(std::make_shared<const Message>(std::move(sentence))) {}

Message messageOf(const std::exception& error) {
    if (const auto* input = dynamic_cast<const InputError*>(&error)) return input->message();
    if (const auto* divergence = dynamic_cast<const DivergenceError*>(&error)) return divergence->message();
    if (isMemoryError(error)) return LAB_TEXT("worker", "There is not enough memory for it.");
    return Message::verbatim(error.what());
}

DivergenceError::DivergenceError(std::int64_t step, Message tensor)
    : DivergenceError(step, std::make_shared<const Message>(divergence(step, std::move(tensor)))) {}

DivergenceError::DivergenceError(std::int64_t step, std::shared_ptr<const Message> message)
    : std::runtime_error(message->english()), m_step(step), m_message(std::move(message)) {}

}  // namespace lab

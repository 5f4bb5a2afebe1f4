#pragma once

#include "server/routes/front_desk.h"

namespace lab::fuzz {

/// The front desk of a server without runs, in a folder in memory. What takes a worker, or keeps what was sent, is checked up to its values
/// and then left alone: those handlers are asked by tests/server/fuzz_test.cpp.
class QuickDesk : public server::Front {
public:
    /// One for the process.
    static QuickDesk& instance();

    Admission admit(server::Request& request) noexcept override;
    server::Response answer(const server::Request& request) noexcept override;
    server::Response busy() noexcept override { return m_desk.busy(); }

private:
    explicit QuickDesk(server::Service& service);
    server::FrontDesk m_desk;
};

/// Ends the program when an answer says that something went wrong in it, or nothing at all.
void requireSoundAnswer(const server::Response& response);

}  // namespace lab::fuzz

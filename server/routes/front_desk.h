#pragma once

#include <functional>

#include "server/http/guard.h"
#include "server/http/listener.h"
#include "server/routes/route.h"

namespace lab::server {

/// Brings a request to its route: first the guard, then the address, the method, the kind and length of the body, then the values; what is
/// refused is refused before anything is done. Needs no socket.
class FrontDesk : public Front {
public:
    using Log = std::function<void(const Request& request, int status)>;

    FrontDesk(Service& service, Guard guard, Log log = {}) : m_service(service), m_guard(std::move(guard)), m_log(std::move(log)) {}

    Admission admit(Request& request) noexcept override;
    Response answer(const Request& request) noexcept override;
    Response busy() noexcept override;
    Response full() noexcept override;

private:
    const Route* routeOf(const Request& request, Fields& places) const;
    const Route& admitted(Request& request) const;
    Response handled(const Route& route, const Request& request) const;
    Response told(const Request& request, Response response) const;
    template <class Make>
    Response guarded(const Route* const& route, const Request& request, Make make) const;

    Service& m_service;
    Guard m_guard;
    Log m_log;
};

}  // namespace lab::server

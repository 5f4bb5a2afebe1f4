#pragma once

#include <functional>
#include <memory>
#include <mutex>

#include "server/service/pictures.h"
#include "ui/runs/gui_post.h"

namespace lab {

/// Paints for a server on the thread that it was made on, the GUI's, whose event loop has to run; the numbers are computed on the thread
/// that asks, which has to be another.
class Painter : public server::Pictures {
public:
    /// What waits and what comes is refused from now on. To be called when the event loop has ended and before those who ask are joined.
    void close();

    std::string maps(const RunMoment& moment, const Input& input, const MapsWish& wish, const server::PictureForm& form) override;
    std::string curves(const server::CurvesSubject& subject, const server::PictureForm& form) override;

private:
    std::string painted(std::function<std::string()> paint);

    std::mutex m_mutex;  ///< of m_post
    std::unique_ptr<GuiPost> m_post = std::make_unique<GuiPost>();
};

}  // namespace lab

#include "ui/runs/gui_post.h"

#include <QPointer>

namespace lab {

GuiPost::GuiPost(QObject* parent) : QObject(parent) {
    connect(this, &GuiPost::posted, this, &GuiPost::run, Qt::QueuedConnection);
}

void GuiPost::post(std::function<void()> function) {
    bool first = false;
    {
        const std::lock_guard lock(m_mutex);
        first = m_waiting.empty();
        m_waiting.push_back(std::move(function));
    }
    if (first) emit posted();  // one wake-up for all that wait
}

void GuiPost::run() {
    std::vector<std::function<void()>> functions;
    {
        const std::lock_guard lock(m_mutex);
        functions.swap(m_waiting);
    }
    const QPointer<GuiPost> alive(this);
    for (const auto& function : functions) {
        if (!alive) return;  // a function before destroyed it with its owner
        function();
    }
}

}  // namespace lab

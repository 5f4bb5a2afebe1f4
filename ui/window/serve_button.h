#pragma once

#include "ui/widgets/buttons.h"
#include "ui/window/serving.h"

namespace lab {

/// In the window's bar while the session is served: so that nobody forgets. Leads to what there is to say about it.
class ServeButton : public Button {
    Q_OBJECT

public:
    explicit ServeButton(const Serving& serving, QWidget* parent = nullptr);

private:
    void follow();

    const Serving& m_serving;
};

}  // namespace lab

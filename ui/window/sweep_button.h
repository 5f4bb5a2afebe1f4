#pragma once

#include "ui/runs/sweep_book.h"
#include "ui/widgets/buttons.h"

namespace lab {

/// In the transport bar while a sweep runs: how many of its runs are done, and how far it is; leads to its page.
class SweepButton : public Button {
    Q_OBJECT

public:
    explicit SweepButton(const SweepBook& book, QWidget* parent = nullptr);

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    void follow();

    const SweepBook& m_book;
};

}  // namespace lab

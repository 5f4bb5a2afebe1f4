#pragma once

#include <QDialog>

#include "ui/pages/memory/memory_state.h"

namespace lab {

class PatternPad;

/// The query, large, to be drawn by hand; every stroke is asked at once, and can be undone.
class QueryDialog : public QDialog {
    Q_OBJECT

public:
    explicit QueryDialog(MemoryState& state, QWidget* parent = nullptr);

    PatternPad& pad() const { return *m_pad; }

private:
    void showQuery();
    void change(Pattern query, const QString& what, int stroke = 0);
    void applyMeasures();

    MemoryState& m_state;
    int m_stroke = 0;
    PatternPad* m_pad;
};

}  // namespace lab

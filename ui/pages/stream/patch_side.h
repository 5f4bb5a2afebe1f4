#pragma once

#include <QWidget>

#include "ui/pages/stream/patch_scene.h"

namespace lab {

class PanelFrame;
class TextTable;
class WrappedText;

/// The measure of a pair's runs: "p(7)", "Mia − Ben".
QString measureName(const Run& run, const PatchQuestion& question);
QString measureText(const PatchQuestion& question, double value);

/// Beside the map: the cell in hand in numbers, and what the map says in words.
class PatchSide : public QWidget {
    Q_OBJECT

public:
    explicit PatchSide(QWidget* parent = nullptr);

    /// `outcome`: of the cell in hand; null: none is.
    void showCell(const Run& run, const PatchFound& found, const QString& place, const PatchOutcome* outcome, bool intoClean);
    void showSentence(const QString& sentence);
    QString sentence() const;

private:
    PanelFrame* m_card;
    TextTable* m_numbers;
    WrappedText* m_read;
};

}  // namespace lab

// SPDX-License-Identifier: MIT
// room: recall. Door: vectors remembered, found again, ranked, kept within a budget, and turned into seeds.
//
// Why:  a diffusion has to start somewhere; a memory of embeddings says where. It takes any diffuser and
//       knows none.
#pragma once

#include <runnel/recall/adaptive.hpp>
#include <runnel/recall/answer.hpp>
#include <runnel/recall/ask.hpp>
#include <runnel/recall/budget.hpp>
#include <runnel/recall/codes.hpp>
#include <runnel/recall/diverse.hpp>
#include <runnel/recall/encoder.hpp>
#include <runnel/recall/episode.hpp>
#include <runnel/recall/eviction.hpp>
#include <runnel/recall/faults.hpp>
#include <runnel/recall/feedback.hpp>
#include <runnel/recall/flat.hpp>
#include <runnel/recall/hit.hpp>
#include <runnel/recall/hnsw.hpp>
#include <runnel/recall/hybrid.hpp>
#include <runnel/recall/index.hpp>
#include <runnel/recall/meaning.hpp>
#include <runnel/recall/memory.hpp>
#include <runnel/recall/memory_config.hpp>
#include <runnel/recall/metrics.hpp>
#include <runnel/recall/narrow.hpp>
#include <runnel/recall/nearest.hpp>
#include <runnel/recall/query_cache.hpp>
#include <runnel/recall/recollect.hpp>
#include <runnel/recall/rows.hpp>
#include <runnel/recall/seed.hpp>
#include <runnel/recall/seeding.hpp>
#include <runnel/recall/similarity.hpp>
#include <runnel/recall/spectrum.hpp>

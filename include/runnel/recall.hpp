// SPDX-License-Identifier: MIT
// room: recall. Door: vectors remembered, found again, ranked, kept within a budget, and turned into seeds.
//
// Why:  a diffusion has to start somewhere; a memory of embeddings says where. It takes any diffuser and
//       knows none.
#pragma once

#include <runnel/recall/encoder.hpp>
#include <runnel/recall/episode.hpp>
#include <runnel/recall/faults.hpp>
#include <runnel/recall/hit.hpp>
#include <runnel/recall/meaning.hpp>
#include <runnel/recall/recollect.hpp>
#include <runnel/recall/seed.hpp>
#include <runnel/recall/seeding.hpp>
#include <runnel/recall/similarity.hpp>
#include <runnel/recall/spectrum.hpp>
